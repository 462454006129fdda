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
  position: Triple | undefined;
  /** Cosines of the directions of a row and of a column. */
  orientation: number[] | undefined;
  values: Float32Array;
}

/**
 * The grid that slices make, or one by itself; nothing where one can't be read or isn't of a size with
 * the others. Throws a sentence's end for gaps, and for a compression that no page reads.
 */
export function readDicom(files: readonly Uint8Array[]): Grid | undefined {
  const slices = files.map(readSlice);
  const [first] = slices;
  if (!first || !slices.every((slice) => slice !== undefined && isLike(slice, first)))
    return undefined;
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

/** Throws a sentence's end unless slices are equally far from each other; headers are rounded. */
function requireEvenGaps(heights: readonly number[]): void {
  const gaps = heights.slice(1).map((height, at) => height - (heights[at] ?? 0));
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  if (most - least > Math.max(0.02 * most, 0.02))
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
    thickness: file.numbers(tags.thickness)?.[0] || 1,
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
