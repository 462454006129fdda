import { hasRoom } from "#ci/catalog/browser-kinds.ts";
import { convert, type DataType, isDataType, type NumberArray } from "#operations/array.ts";
import { TryProblem } from "#page/runner.ts";
import type { Input } from "#schema/config.ts";
import { pixelsOfBitmap } from "#viewers/bitmap-pixels.ts";
import { isDicom } from "#viewers/dicom-file.ts";
import { withoutJpeg } from "#viewers/dicom-jpeg.ts";
import { type Pixels, readDicomPicture } from "#viewers/dicom-picture.ts";
import { isFlac, readFlac } from "#viewers/flac.ts";
import { bytes } from "#viewers/format.ts";
import type { Grid } from "#viewers/grid.ts";
import { readArray } from "#viewers/read-array.ts";
import { readTable } from "#viewers/read-table.ts";
import { readScan } from "#viewers/scan.ts";
import { type Recording, readWav } from "#viewers/wav.ts";
import { audioArray } from "./audio-array.ts";
import { misfit } from "./fit.ts";
import { imageArray } from "./image-array.ts";
import { refusal } from "./media-type.ts";
import { tableArray } from "./table-array.ts";
import { volumeArray } from "./volume-array.ts";

/** A chosen input: its array, and where that lies in space if it is a scan. */
export interface Decoded {
  array: NumberArray;
  grid?: Grid;
}

// A tab has a few gigabytes at most, and a file becomes larger when it is decoded.
const mostBytes = 512 * 2 ** 20;

/** Files as the array that the engine makes of them. Throws a TryProblem for those of another kind. */
export async function decode(input: Input, files: readonly File[]): Promise<Decoded> {
  const dtype = dataType(input);
  requireSize(files);
  await requireMediaType(input, files);
  const { array, grid } = await decodeKind(input, files).catch((error: Error) => {
    throw error instanceof TryProblem ? error : undecodable(input, files, error.message);
  });
  const wrong = misfit(array, input);
  if (wrong) throw new TryProblem("The model doesn't take this", `${namesOf(files)}: ${wrong}.`);
  return { array: convert(array, dtype), ...(grid && { grid }) };
}

async function decodeKind(input: Input, files: readonly File[]): Promise<Decoded> {
  const [file] = files;
  if (!file) throw new TryProblem("Something is missing", `Choose “${input.id}”.`);
  const read = async () => new Uint8Array(await file.arrayBuffer());
  if (input.kind === "image")
    return { array: imageArray(await pixelsOf(file, await read(), input), input.axes) };
  if (input.kind === "table") return { array: tableArray(readTable(await file.text()), input) };
  if (input.kind === "audio") return { array: audioArray(readSound(await read()), input) };
  const found = await readArray(await read());
  if (found) return { array: { shape: found.shape, data: Float64Array.from(found.data) } };
  if (input.kind !== "volume") throw new Error("it is no .npy file, and no HDF5 file of one array");
  const grid = await readScan(files);
  if (!grid) throw new Error("it is no NIfTI, NRRD or DICOM of one volume");
  if ((grid.volumes ?? 1) > 1)
    throw new Error(`it holds ${grid.volumes} volumes, of which a page reads one`);
  return { array: volumeArray(grid, input.axes), grid };
}

function readSound(file: Uint8Array): Recording {
  return isFlac(file) ? readFlac(file) : readWav(file);
}

/** The picture upright, its values as they are in the file; a slice of DICOM in its window. */
async function pixelsOf(file: File, bytes: Uint8Array, input: Input): Promise<Pixels> {
  if (isDicom(bytes)) {
    if (hasRoom(input)) throw new Error("a page reads no values of more than 8 bits out of DICOM");
    const slice = readDicomPicture(await withoutJpeg(bytes));
    if (slice) return slice;
    throw new Error("it is DICOM of a kind that a page doesn't read, such as of several frames");
  }
  const bitmap = await createImageBitmap(file, {
    imageOrientation: "from-image",
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  }).catch(() => {
    throw new Error("it is no picture that this browser reads");
  });
  const pixels = pixelsOfBitmap(bitmap);
  bitmap.close();
  return pixels;
}

function dataType({ id, dtype }: Input): DataType {
  if (isDataType(dtype)) return dtype;
  throw new TryProblem("This can't run in a browser", `Input “${id}” is of type ${dtype}.`);
}

/** Throws before anything is read that a tab has no room for. */
function requireSize(files: readonly File[]): void {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > mostBytes)
    throw new TryProblem(
      "This file is too large for a browser",
      `${namesOf(files)} has ${bytes(size)}; a page reads up to ${bytes(mostBytes)}. Run the model on your own machine instead.`,
    );
}

/** Throws for a file of a kind that the config doesn't list, even if a page could read it. */
async function requireMediaType(input: Input, [file]: readonly File[]): Promise<void> {
  const wrong = file && (await refusal(file, input));
  if (wrong) throw new TryProblem("The model doesn't take this", wrong);
}

function undecodable(input: Input, files: readonly File[], reason: string): TryProblem {
  return new TryProblem(
    "This file can't be read",
    `${namesOf(files)}: ${reason}. “${input.id}” takes ${input.mediaTypes.join(" or ")}.`,
  );
}

function namesOf([file, ...more]: readonly File[]): string {
  return more.length > 0 ? `${more.length + 1} files` : (file?.name ?? "");
}
