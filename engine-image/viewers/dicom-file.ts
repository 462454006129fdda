import { readRuns } from "./run-length.ts";

/**
 * DICOM as scanners write slices: one picture a file, plain or run-length encoded, little-endian. JPEG
 * of 8 bits is unpacked before, by the browser; what else there is (other kinds of JPEG, several frames)
 * no page reads.
 */
export interface DicomFile {
  rows: number;
  columns: number;
  /** Numbers in a pixel: 1, or 3 of a colour. */
  samples: number;
  photometric: string;
  /** As they are stored, pixel by pixel. */
  values: Float32Array;
  text(tag: number): string;
  numbers(tag: number): number[] | undefined;
  whole(tag: number, absent?: number): number;
  bytes(tag: number): Uint8Array | undefined;
}

/** Whether a file begins as DICOM does, after its preamble. */
export function isDicom(file: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(file.subarray(128, 132)) === "DICM";
}

/**
 * The file with its pixels; nothing where it is another, or of a kind that isn't read. Throws a
 * sentence's end for a compression that no page reads.
 */
export function openDicom(file: Uint8Array): DicomFile | undefined {
  if (!isDicom(file)) return undefined;
  const { elements, syntax, fragments } = contentsOf(file);
  if (syntax !== implicit && syntax !== explicit && syntax !== runLength)
    throw new Error(unread(syntax));
  if (elements.has(tags.modalityTable))
    throw new Error("it keeps its values in a table (Modality LUT Sequence); none is read");
  if ((syntax === runLength) !== (fragments !== undefined)) return undefined;
  const { bytes, text, numbers, whole } = readersOf(file, elements);
  const [rows, columns, samples] = [whole(tags.rows), whole(tags.columns), whole(tags.samples, 1)];
  const [bits, length] = [whole(tags.bitsAllocated), rows * columns * samples];
  const pixels = fragments ? readRuns(fragments, length, bits / 8) : bytes(tags.pixels);
  if (!pixels || (bits !== 8 && bits !== 16) || (numbers(tags.frames)?.[0] ?? 1) !== 1)
    return undefined;
  if (length === 0 || pixels.length < (length * bits) / 8) return undefined;
  const values = storedValues(pixels, length, bits, whole(tags.isSigned) === 1);
  const photometric = text(tags.photometric);
  return { rows, columns, samples, photometric, values, text, numbers, whole, bytes };
}

/** One JPEG of 8 bits in place of pixels, with what its header says of it. */
export interface Compressed {
  fragments: Uint8Array[];
  rows: number;
  columns: number;
  samples: number;
  /** Bytes before the pixels' tag. */
  header: number;
  /** Where the header says what changes with plain pixels. */
  syntax: Place;
  photometric: Place;
  planes: Place | undefined;
}

interface Place {
  at: number;
  length: number;
}

/** The JPEG of a file whose pixels are one, grey or in JPEG's own colours; nothing of another file. */
export function jpegIn(file: Uint8Array): Compressed | undefined {
  if (!isDicom(file)) return undefined;
  const { elements, syntax, fragments, header } = contentsOf(file);
  if (syntax !== jpeg || !fragments) return undefined;
  const { text, numbers, whole, place } = readersOf(file, elements);
  const [rows, columns, samples] = [whole(tags.rows), whole(tags.columns), whole(tags.samples, 1)];
  const colours = samples === 3 ? /^YBR_FULL(_422)?$/ : /^MONOCHROME[12]$/;
  const isRead =
    whole(tags.bitsAllocated) === 8 &&
    whole(tags.isSigned) === 0 &&
    (numbers(tags.frames)?.[0] ?? 1) === 1 &&
    colours.test(text(tags.photometric));
  const [syntaxAt, photometric] = [place(tags.syntax), place(tags.photometric)];
  if (!isRead || !syntaxAt || !photometric) return undefined;
  const planes = place(tags.planes);
  return { fragments, rows, columns, samples, header, syntax: syntaxAt, photometric, planes };
}

/** The values in the unit that the file names, such as Hounsfield's. */
export function rescaled({ values, numbers }: DicomFile): Float32Array {
  const slope = numbers(tags.slope)?.[0] ?? 1;
  const intercept = numbers(tags.intercept)?.[0] ?? 0;
  return slope === 1 && intercept === 0 ? values : values.map((value) => value * slope + intercept);
}

export const tags = {
  syntax: 0x00020010,
  thickness: 0x00180050,
  between: 0x00180088,
  series: 0x0020000e,
  position: 0x00200032,
  orientation: 0x00200037,
  samples: 0x00280002,
  photometric: 0x00280004,
  planes: 0x00280006,
  frames: 0x00280008,
  rows: 0x00280010,
  columns: 0x00280011,
  spacing: 0x00280030,
  bitsAllocated: 0x00280100,
  isSigned: 0x00280103,
  centre: 0x00281050,
  width: 0x00281051,
  intercept: 0x00281052,
  slope: 0x00281053,
  windowFunction: 0x00281056,
  modalityTable: 0x00283000,
  paletteSizes: [0x00281101, 0x00281102, 0x00281103],
  palettes: [0x00281201, 0x00281202, 0x00281203],
  pixels: 0x7fe00010,
} as const;

/** What reads an element in its form. */
function readersOf(file: Uint8Array, elements: ReadonlyMap<number, Uint8Array>) {
  const bytes = (tag: number) => elements.get(tag);
  const text = (tag: number) => new TextDecoder("latin1").decode(bytes(tag)).replace(/[\0 ]+$/, "");
  const numbers = (tag: number) =>
    text(tag) === "" ? undefined : text(tag).split("\\").map(Number);
  const whole = (tag: number, absent = 0) => {
    const found = bytes(tag);
    return found && found.length >= 2 ? (found[0] ?? 0) + (found[1] ?? 0) * 256 : absent;
  };
  const place = (tag: number): Place | undefined => {
    const found = bytes(tag);
    return found && { at: found.byteOffset - file.byteOffset, length: found.length };
  };
  return { bytes, text, numbers, whole, place };
}

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

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const runLength = "1.2.840.10008.1.2.5";
const jpeg = "1.2.840.10008.1.2.4.50";
const syntaxes: Record<string, string> = {
  "1.2.840.10008.1.2.1.99": "Deflate",
  "1.2.840.10008.1.2.2": "big-endian numbers",
  [jpeg]: "JPEG",
  "1.2.840.10008.1.2.4.51": "JPEG",
  "1.2.840.10008.1.2.4.57": "lossless JPEG",
  "1.2.840.10008.1.2.4.70": "lossless JPEG",
  "1.2.840.10008.1.2.4.80": "JPEG-LS",
  "1.2.840.10008.1.2.4.81": "JPEG-LS",
  "1.2.840.10008.1.2.4.90": "JPEG 2000",
  "1.2.840.10008.1.2.4.91": "JPEG 2000",
};
// Those that pydicom unpacks with Pillow alone, as in an image that takes DICOM.
const readByImages = new Set([
  "1.2.840.10008.1.2.2",
  jpeg,
  "1.2.840.10008.1.2.4.90",
  "1.2.840.10008.1.2.4.91",
]);

/** Why no page reads it, and what does: the ways out differ, so that nobody pulls an image in vain. */
function unread(syntax: string): string {
  const name = syntaxes[syntax] ?? `transfer syntax ${syntax}`;
  const container = readByImages.has(syntax)
    ? ", or run the model on your own machine, whose image reads it"
    : "; the model's image may not read it either";
  return `its pixels are stored as ${name}, which a page doesn't read: unpack the file first, as “gdcmconv --raw IN OUT” does${container}`;
}

const longForms = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT"]);
const open = 0xffffffff;

interface Contents {
  syntax: string;
  /** By tag, those within sequences left out; a sequence of unknown length has no bytes. */
  elements: Map<number, Uint8Array>;
  /** The pieces of compressed pixels. */
  fragments: Uint8Array[] | undefined;
  /** Bytes that were read before those. */
  header: number;
}

function contentsOf(file: Uint8Array): Contents {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const elements = new Map<number, Uint8Array>();
  let syntax = explicit;
  let at = 132;
  while (at + 8 <= file.length) {
    const tag = tagAt(view, at);
    const isMeta = tag >>> 16 === 2;
    const { length, body } = headOf(view, at, isMeta || syntax !== implicit);
    if (length === open) {
      // Pixels of unknown length are compressed.
      if (tag === tags.pixels)
        return { syntax, elements, fragments: fragmentsOf(view, body), header: at };
      elements.set(tag, file.subarray(body, body));
      at = endOfSequence(view, body, syntax !== implicit);
      continue;
    }
    if (body + length > file.length) break;
    const value = file.subarray(body, body + length);
    elements.set(tag, value);
    if (tag === tags.syntax) {
      syntax = new TextDecoder("latin1").decode(value).replace(/[\0 ]+$/, "");
      // What is deflated as a whole has no tags.
      if (syntax in syntaxes && syntax !== jpeg) break;
    }
    at = body + length;
  }
  return { syntax, elements, fragments: undefined, header: at };
}

/** The items of compressed pixels, without the first, which says where frames begin. */
function fragmentsOf(view: DataView, from: number): Uint8Array[] {
  const fragments: Uint8Array[] = [];
  let at = from;
  while (at + 8 <= view.byteLength && tagAt(view, at) === 0xfffee000) {
    const { length, body } = headOf(view, at, false);
    if (body + length > view.byteLength) break;
    fragments.push(new Uint8Array(view.buffer, view.byteOffset + body, length));
    at = body + length;
  }
  return fragments.slice(1);
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
