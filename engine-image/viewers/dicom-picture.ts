import { extent } from "./array.ts";
import { type DicomFile, openDicom, rescaled, tags } from "./dicom-file.ts";

/** A picture, four numbers a pixel. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * A slice as a picture of 8 bits, as the engine gives it to a model that takes pictures: in the window
 * of the file, without one from its least value to its greatest; in colour where the file has colours.
 * Nothing where it can't be read.
 */
export function readDicomPicture(bytes: Uint8Array): Pixels | undefined {
  const file = openDicom(bytes);
  const colours = file && coloursOf(file);
  if (!colours) return undefined;
  const { columns: width, rows: height } = file;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    for (const channel of [0, 1, 2]) data[at * 4 + channel] = colours(at, channel);
    data[at * 4 + 3] = 255;
  }
  return { width, height, data };
}

/** What gives the red, green or blue of a pixel. */
type Colours = (at: number, channel: number) => number;

function coloursOf(file: DicomFile): Colours | undefined {
  const { samples, photometric } = file;
  if (photometric === "PALETTE COLOR") return paletteColours(file);
  if (photometric === "RGB" && samples === 3) return ownColours(file);
  if (samples !== 1 || !photometric.startsWith("MONOCHROME")) return undefined;
  const grey = windowed(file);
  return (at) => grey[at] ?? 0;
}

/** Colours are side by side, or in planes one after the other. */
function ownColours({ values, rows, columns, whole }: DicomFile): Colours {
  const [pixel, channel] = whole(tags.planes) === 0 ? [3, 1] : [1, rows * columns];
  return (at, colour) => values[at * pixel + colour * channel] ?? 0;
}

function paletteColours({ values, whole, bytes }: DicomFile): Colours | undefined {
  const tables = tags.palettes.map((tag) => bytes(tag));
  const [size] = tags.paletteSizes.map((tag) => bytes(tag));
  if (!size || size.length < 6 || !tables.every((table) => table !== undefined)) return undefined;
  const view = new DataView(size.buffer, size.byteOffset, size.byteLength);
  const [count, first, bits] = [0, 2, 4].map((at) => view.getUint16(at, true)) as [
    number,
    number,
    number,
  ];
  const last = (count || 2 ** 16) - 1;
  // Of 16 bits, the upper eight are what a screen shows.
  const [step, place] = bits === 16 ? [2, 1] : [1, 0];
  const isKnown =
    whole(tags.bitsAllocated) <= 16 && tables.every(({ length }) => length > last * step);
  if (!isKnown) return undefined;
  return (at, colour) => {
    const entry = Math.min(last, Math.max(0, (values[at] ?? 0) - first));
    return tables[colour]?.[entry * step + place] ?? 0;
  };
}

/** Grey from 0 to 255, in the engine's own steps of 32 bits, so that both round alike. */
function windowed(file: DicomFile): Uint8Array {
  const values = rescaled(file);
  const { min, max, isSigmoid } = windowOf(file, values);
  const [least, span] = [Math.fround(min), Math.fround(Math.max(max - min, 1e-6))];
  const isInverted = file.photometric === "MONOCHROME1";
  return Uint8Array.from(values, (value) => {
    const share = Math.fround(Math.fround(value - least) / span);
    if (isSigmoid) {
      const grey = 1 / (1 + Math.exp(2 - 4 * share));
      return rounded((isInverted ? 1 - grey : grey) * 255);
    }
    const clipped = Math.min(1, Math.max(0, share));
    return rounded(Math.fround((isInverted ? Math.fround(1 - clipped) : clipped) * 255));
  });
}

/** Between which values grey rises, as DICOM's PS3.3 C.11.2.1 has it; without a window between all. */
function windowOf(file: DicomFile, values: Float32Array) {
  const [centre, width] = [file.numbers(tags.centre)?.[0], file.numbers(tags.width)?.[0]];
  const form = file.text(tags.windowFunction) || "LINEAR";
  const isLinear = form === "LINEAR";
  if (centre === undefined || width === undefined || !(width > (isLinear ? 1 : 0)))
    return { ...extent(values), isSigmoid: false };
  const [middle, half] = isLinear ? [centre - 0.5, (width - 1) / 2] : [centre, width / 2];
  return { min: middle - half, max: middle + half, isSigmoid: form === "SIGMOID" };
}

/** The nearest whole number; of two as near, the even one. */
function rounded(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
