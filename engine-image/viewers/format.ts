// A number and its unit stay on one line.
const space = "\u00a0";

/** Sizes as registries print them: decimal units, two significant digits or more. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)}${space}${units[unit]}`;
}

/** `14 ms`, `2.5 s`: two significant digits, in the unit that suits. */
export function seconds(value: number): string {
  if (value === 0) return `0${space}s`;
  if (value < 0.001) return `<${space}1${space}ms`;
  if (value < 0.9995) return `${Number((value * 1000).toPrecision(2))}${space}ms`;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${space}s`;
}

/** A share of 1 as `12.5 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return `<${space}0.1${space}%`;
  return `${value.toFixed(1)}${space}%`;
}

/** A number short enough to read, precise enough to compare. */
export function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A number as one reads it in a range: what is tiny against the range is zero. */
export function numberIn(value: number, { min, max }: { min: number; max: number }): string {
  return number(Math.abs(value) < (max - min) / 10_000 ? 0 : value);
}

const counts = new Intl.NumberFormat("en");

/** A count with its thousands apart: 1,200. */
export const count = (value: number): string => counts.format(value);

/** `1 file`, `1,200 files`, `2 boxes`. */
export function plural(value: number, one: string): string {
  const ending = value === 1 ? "" : one.endsWith("x") ? "es" : "s";
  return `${count(value)} ${one}${ending}`;
}

/** `image-classification` or `left_eye` as words. */
export function words(slug: string): string {
  const text = slug.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A value of a table or of a list: numbers short, objects as JSON. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : number(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
