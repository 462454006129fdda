import { openDicom, rescaled, tags } from "./dicom-file.ts";
import { number } from "./format.ts";
import type { Grid, Triple } from "./grid.ts";

/** One grey picture of a series. */
interface Slice {
  rows: number;
  columns: number;
  /** Distance of rows, and of columns, in mm. */
  spacing: readonly [number, number];
  thickness: number;
  series: string;
  position: Triple | undefined;
  /** Cosines of the directions of a row and of a column. */
  orientation: number[] | undefined;
  values: Float32Array;
}

/**
 * The grid that slices make, or one by itself; nothing where one can't be read or isn't of a size with
 * the others. Throws a sentence's end where they are no stack, and for a compression that no page reads.
 */
export function readDicom(files: readonly Uint8Array[]): Grid | undefined {
  const slices = files.map(readSlice);
  const [first, ...more] = slices;
  if (!first || !slices.every((slice) => slice !== undefined && isLike(slice, first)))
    return undefined;
  if (more.length > 0) requireOneStack(slices as Slice[]);
  const normal = normalOf(first.orientation);
  const height = ({ position }: Slice) => (normal && position ? dot(normal, position) : 0);
  const ordered = (slices as Slice[]).toSorted((a, b) => height(a) - height(b));
  const [lowest, highest] = [ordered[0] as Slice, ordered.at(-1) as Slice];
  requireEvenGaps(ordered.map(height));
  const step = (height(highest) - height(lowest)) / Math.max(1, ordered.length - 1);
  const size = first.rows * first.columns;
  const data = new Float32Array(size * ordered.length);
  for (const [at, { values }] of ordered.entries()) data.set(values, at * size);
  const [betweenRows, betweenColumns] = first.spacing;
  return {
    data,
    sizes: [first.columns, first.rows, ordered.length],
    spacing: [betweenColumns, betweenRows, step || first.thickness],
    ...(lowest.position && { origin: lowest.position }),
    ...(normal && first.orientation && { direction: directionOf(first.orientation, normal) }),
  };
}

/** Throws a sentence's end unless slices are of one series and side by side, as slices.py of the engine has it. */
function requireOneStack(slices: readonly Slice[]): void {
  const count = new Set(slices.map(({ series }) => series)).size;
  if (count > 1) throw new Error(`it holds slices of ${count} series; one is read`);
  const [first, ...more] = slices.map(({ position, orientation }) => {
    if (position?.length === 3 && orientation?.length === 6) return orientation;
    throw new Error("it holds a slice that doesn't say where it lies");
  });
  if (more.some((cosines) => cosines.some((one, at) => Math.abs(one - (first?.[at] ?? 0)) > 1e-3)))
    throw new Error("it holds slices that aren't parallel; leave out the overview images");
}

/** Throws a sentence's end unless slices are equally far from each other; headers are rounded. */
function requireEvenGaps(heights: readonly number[]): void {
  const gaps = heights.slice(1).map((height, at) => height - (heights[at] ?? 0));
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  if (least < 0.01) throw new Error("it holds two slices at one place; each slice is read once");
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
  if (gaps.some((gap) => Math.abs(gap - usual) > Math.max(0.01 * usual, 0.01)))
    throw new Error(
      `its slices lie ${number(least)} to ${number(most)} mm apart; some are missing, or of another series`,
    );
}

function isLike({ rows, columns }: Slice, other: Slice): boolean {
  return rows === other.rows && columns === other.columns;
}

function readSlice(bytes: Uint8Array): Slice | undefined {
  const file = openDicom(bytes);
  if (file?.samples !== 1 || file.photometric === "PALETTE COLOR") return undefined;
  const { rows, columns } = file;
  const [betweenRows = 1, betweenColumns = 1] = file.numbers(tags.spacing) ?? [];
  return {
    rows,
    columns,
    spacing: [betweenRows, betweenColumns],
    thickness: file.numbers(tags.between)?.[0] || file.numbers(tags.thickness)?.[0] || 1,
    series: file.text(tags.series),
    position: file.numbers(tags.position) as Triple | undefined,
    orientation: file.numbers(tags.orientation),
    values: rescaled(file),
  };
}

function normalOf(cosines: readonly number[] | undefined): Triple | undefined {
  if (cosines?.length !== 6) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = cosines;
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** Cosines row by row: the columns are the directions of x, y and z. */
function directionOf(cosines: readonly number[], normal: Triple): number[] {
  return [0, 1, 2].flatMap((row) => [
    cosines[row] ?? 0,
    cosines[row + 3] ?? 0,
    normal[row as 0 | 1 | 2],
  ]);
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
