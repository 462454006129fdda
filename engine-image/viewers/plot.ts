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

/** The line through the numbers, drawn as strokes where there are more of them than `columns`. */
export function plot(
  values: ArrayLike<number>,
  columns = 160,
  range?: { min: number; max: number },
): Plot {
  const finite = finiteOf(values);
  const { min, max } = plotRange(values, range);
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
export function plotRange(
  values: ArrayLike<number>,
  range: { min: number; max: number } = extent(values),
): { min: number; max: number } {
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  return { min, max: min === 0 && max <= 1 ? 1 : max };
}

function finiteOf(values: ArrayLike<number>): Float64Array {
  const finite = new Float64Array(values.length);
  let length = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (Number.isFinite(value)) finite[length++] = value;
  }
  return finite.subarray(0, length);
}

type Height = (value: number) => number;

function line(values: Float64Array, y: Height): string {
  const step = values.length > 1 ? plotWidth / (values.length - 1) : 0;
  return Array.from(
    values,
    (value, index) => `${index === 0 ? "M" : "L"}${round(index * step)} ${y(value)}`,
  ).join("");
}

/** One stroke a column, from its smallest to its largest value. */
function strokes(values: Float64Array, columns: number, y: Height): string {
  let path = "";
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    let low = values[from] as number;
    let high = low;
    for (let at = from + 1; at < to; at += 1) {
      const value = values[at] as number;
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    path += `M${round(((column + 0.5) * plotWidth) / columns)} ${y(low)}V${y(high)}`;
  }
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;
