import { extent } from "./array.ts";

/** A line drawn through numbers, for an SVG of the given size. */
export interface Plot {
  path: string;
  /** Whether the numbers were too many for a line, so each stroke spans a column of them. */
  isColumns: boolean;
  min: number;
  max: number;
  /** Height at which zero lies, where it is in range. */
  zero: number | undefined;
}

export const plotWidth = 240;
export const plotHeight = 80;

export function plot(
  values: ArrayLike<number>,
  columns = 160,
  range: { min: number; max: number } = extent(values),
): Plot {
  const finite = Array.from(values).filter(Number.isFinite);
  const { min, max } = rangeOf(range);
  const y = (value: number) => round(plotHeight - ((value - min) / (max - min || 1)) * plotHeight);
  const isColumns = finite.length > columns;
  return {
    path: isColumns ? strokes(finite, columns, y) : line(finite, y),
    isColumns,
    min,
    max,
    zero: min < 0 ? y(0) : undefined,
  };
}

/** A probability is read against 0 to 1, whatever happens to occur; zero always shows. */
function rangeOf(range: { min: number; max: number }): { min: number; max: number } {
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  return { min, max: min === 0 && max <= 1 ? 1 : max };
}

type Height = (value: number) => number;

function line(values: number[], y: Height): string {
  const step = values.length > 1 ? plotWidth / (values.length - 1) : 0;
  return values
    .map((value, index) => `${index === 0 ? "M" : "L"}${round(index * step)} ${y(value)}`)
    .join("");
}

/** One stroke a column, from its smallest to its largest value. */
function strokes(values: number[], columns: number, y: Height): string {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    const part = values.slice(from, to);
    const low = part.reduce((a, b) => Math.min(a, b));
    const high = part.reduce((a, b) => Math.max(a, b));
    return `M${round(((column + 0.5) * plotWidth) / columns)} ${y(low)}V${y(high)}`;
  }).join("");
}

const round = (value: number): number => Math.round(value * 10) / 10;
