/** A line drawn through numbers, for an SVG of the given size. */
export interface Plot {
  path: string;
  min: number;
  max: number;
  /** Height at which zero lies, where it is in range. */
  zero: number | undefined;
}

/** More columns than a screen shows would only weigh. */
const maxColumns = 240;

export function plot(values: number[], width = 240, height = 80): Plot {
  const finite = values.filter(Number.isFinite);
  const lowest = finite.reduce((a, b) => Math.min(a, b), 0);
  const highest = finite.reduce((a, b) => Math.max(a, b), 0);
  // A probability is read against 0 to 1, whatever happens to occur.
  const max = lowest >= 0 && highest <= 1 ? 1 : highest;
  const min = lowest;
  const span = max - min || 1;
  const y = (value: number) => round(height - ((value - min) / span) * height);

  const points = envelope(finite, maxColumns);
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const path = points.map(
    ([low, high], index) =>
      `${index === 0 ? "M" : "L"}${round(index * step)} ${y(low)}${low === high ? "" : `V${y(high)}`}`,
  );
  return { path: path.join(""), min, max, zero: min < 0 ? y(0) : undefined };
}

/** Smallest and largest value of each column; a value of its own where there is room. */
function envelope(values: number[], columns: number): [number, number][] {
  if (values.length <= columns) return values.map((value) => [value, value]);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    const part = values.slice(from, to);
    return [Math.min(...part), Math.max(...part)];
  });
}

/** Numbers of a vector, however its axes nest. */
export function flatten(prediction: readonly unknown[]): number[] {
  return prediction
    .flat(Number.POSITIVE_INFINITY)
    .filter((value): value is number => typeof value === "number");
}

const round = (value: number): number => Math.round(value * 10) / 10;
