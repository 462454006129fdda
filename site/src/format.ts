import type { CatalogCard } from "#schema/catalog.ts";

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

export function seconds(value: number): string {
  if (value === 0) return `0${space}s`;
  if (value < 0.001) return `<${space}1${space}ms`;
  if (value < 0.9995) return `${Number((value * 1000).toPrecision(2))}${space}ms`;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${space}s`;
}

export function percent(probability: number): string {
  const value = probability * 100;
  if (value > 0 && value < 0.1) return `<${space}0.1${space}%`;
  return `${value.toFixed(1)}${space}%`;
}

/** A number short enough to read, precise enough to compare. */
export function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export const count = (value: number): string => value.toLocaleString("en");

export const plural = (value: number, one: string): string =>
  `${count(value)} ${one}${value === 1 ? "" : "s"}`;

/** Enough of a digest to recognise it. */
export const shortDigest = (digest: string): string =>
  digest.startsWith("sha256:") ? digest.slice(0, 19) : digest.slice(0, 12);

/** `image-classification` as words. */
export function words(slug: string): string {
  const text = slug.replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The facts under a card, only those that are known. */
export function cardFacts(card: CatalogCard): string[] {
  return [
    card.framework,
    card.licenses?.weights,
    card.bytes === undefined ? undefined : bytes(card.bytes),
    card.predictSeconds === undefined ? undefined : seconds(card.predictSeconds),
  ].filter((fact) => fact !== undefined);
}
