import { number } from "./format.ts";
import type { Grid, Triple } from "./grid.ts";

/**
 * DICOM as scanners write slices: one grey picture a file, not compressed, little-endian. What else
 * there is (compressed, several frames, colour) no page draws.
 */
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

/** The grid that slices make, or one by itself; nothing where one can't be read or isn't of a size with the others. Throws for gaps. */
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

/** Whether a file begins as DICOM does, after its preamble. */
export function isDicom(file: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(file.subarray(128, 132)) === "DICM";
}

function isLike({ rows, columns }: Slice, other: Slice): boolean {
  return rows === other.rows && columns === other.columns;
}

function readSlice(file: Uint8Array): Slice | undefined {
  if (!isDicom(file)) return undefined;
  const elements = elementsOf(file);
  if (!elements) return undefined;
  const text = (tag: number) =>
    new TextDecoder("latin1").decode(elements.get(tag)).replace(/[\0 ]+$/, "");
  const numbers = (tag: number) =>
    text(tag) === "" ? undefined : text(tag).split("\\").map(Number);
  const whole = (tag: number, absent = 0) => {
    const bytes = elements.get(tag);
    return bytes && bytes.length >= 2 ? (bytes[0] ?? 0) + (bytes[1] ?? 0) * 256 : absent;
  };
  const [rows, columns] = [whole(tags.rows), whole(tags.columns)];
  const pixels = elements.get(tags.pixels);
  const isGrey = whole(tags.samples, 1) === 1 && text(tags.photometric) !== "PALETTE COLOR";
  const isPlain = isGrey && (numbers(tags.frames)?.[0] ?? 1) === 1;
  const bits = whole(tags.bitsAllocated);
  if (!pixels || !isPlain || (bits !== 8 && bits !== 16)) return undefined;
  if (rows * columns === 0 || pixels.length < (rows * columns * bits) / 8) return undefined;
  const [betweenRows = 1, betweenColumns = 1] = numbers(tags.spacing) ?? [];
  return {
    rows,
    columns,
    spacing: [betweenRows, betweenColumns],
    thickness: numbers(tags.thickness)?.[0] || 1,
    position: numbers(tags.position) as Triple | undefined,
    orientation: numbers(tags.orientation),
    values: rescaled(
      storedValues(pixels, rows * columns, bits, whole(tags.isSigned) === 1),
      numbers(tags.slope)?.[0] ?? 1,
      numbers(tags.intercept)?.[0] ?? 0,
    ),
  };
}

const tags = {
  thickness: 0x00180050,
  position: 0x00200032,
  orientation: 0x00200037,
  samples: 0x00280002,
  photometric: 0x00280004,
  frames: 0x00280008,
  rows: 0x00280010,
  columns: 0x00280011,
  spacing: 0x00280030,
  bitsAllocated: 0x00280100,
  isSigned: 0x00280103,
  intercept: 0x00281052,
  slope: 0x00281053,
  pixels: 0x7fe00010,
} as const;

function storedValues(
  pixels: Uint8Array,
  length: number,
  bits: number,
  isSigned: boolean,
): Float32Array {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const read = (at: number) => {
    if (bits === 8) return isSigned ? view.getInt8(at) : view.getUint8(at);
    return isSigned ? view.getInt16(at * 2, true) : view.getUint16(at * 2, true);
  };
  return Float32Array.from({ length }, (_, at) => read(at));
}

function rescaled(values: Float32Array, slope: number, intercept: number): Float32Array {
  return slope === 1 && intercept === 0 ? values : values.map((value) => value * slope + intercept);
}

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const longForms = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT"]);
const open = 0xffffffff;

/** The elements of the file by tag, those within sequences left out; nothing where pixels are compressed. */
function elementsOf(file: Uint8Array): Map<number, Uint8Array> | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const elements = new Map<number, Uint8Array>();
  let syntax = explicit;
  let at = 132;
  while (at + 8 <= file.length) {
    const tag = tagAt(view, at);
    const isMeta = tag >>> 16 === 2;
    if (!isMeta && syntax !== implicit && syntax !== explicit) return undefined;
    const { length, body } = headOf(view, at, isMeta || syntax === explicit);
    if (length === open) {
      // Pixels of unknown length are compressed.
      if (tag === tags.pixels) return undefined;
      at = endOfSequence(view, body, syntax === explicit);
      continue;
    }
    if (body + length > file.length) break;
    const value = file.subarray(body, body + length);
    elements.set(tag, value);
    if (tag === 0x00020010) syntax = new TextDecoder("latin1").decode(value).replace(/[\0 ]+$/, "");
    at = body + length;
  }
  return elements;
}

function tagAt(view: DataView, at: number): number {
  return ((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0;
}

function headOf(view: DataView, at: number, isExplicit: boolean): { length: number; body: number } {
  // Items of sequences have no type in either form.
  if (!isExplicit || tagAt(view, at) >>> 16 === 0xfffe)
    return { length: view.getUint32(at + 4, true), body: at + 8 };
  const form = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  return longForms.has(form)
    ? { length: at + 12 <= view.byteLength ? view.getUint32(at + 8, true) : open, body: at + 12 }
    : { length: view.getUint16(at + 6, true), body: at + 8 };
}

/** The byte after a sequence or an item of unknown length. */
function endOfSequence(view: DataView, from: number, isExplicit: boolean): number {
  let at = from;
  while (at + 8 <= view.byteLength) {
    const tag = tagAt(view, at);
    const { length, body } = headOf(view, at, isExplicit);
    // The ends of an item and of a sequence.
    if (tag === 0xfffee00d || tag === 0xfffee0dd) return body;
    at = length === open ? endOfSequence(view, body, isExplicit) : body + length;
  }
  return view.byteLength;
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
