import { convert, type DataType, isDataType, type NumberArray } from "#operations/array.ts";
import type { Input } from "#schema/config.ts";
import { readCsv } from "#viewers/csv.ts";
import { readArray } from "#viewers/read-array.ts";
import { imageArray } from "./image-array.ts";
import { TryProblem } from "./runner.ts";
import { tableArray } from "./table-array.ts";

/** A file as the array that the engine makes of it. Throws a TryProblem for a file of another kind. */
export async function decode(input: Input, file: File): Promise<NumberArray> {
  const array = await decodeKind(input, file).catch((error: Error) => {
    throw error instanceof TryProblem ? error : undecodable(input, file, error.message);
  });
  return convert(array, dataType(input));
}

async function decodeKind(input: Input, file: File): Promise<NumberArray> {
  if (input.kind === "image") return imageArray(await pixelsOf(file), input.axes);
  if (input.kind === "table") return tableArray(readCsv(await file.text()), input);
  const array = await readArray(new Uint8Array(await file.arrayBuffer()));
  if (!array) throw undecodable(input, file, "it is no .npy or HDF5 file");
  return { shape: array.shape, data: Float64Array.from(array.data) };
}

/** The picture upright, its values as they are in the file. */
async function pixelsOf(file: File): Promise<ImageData> {
  const bitmap = await createImageBitmap(file, {
    imageOrientation: "from-image",
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser has no canvas for it");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

function dataType({ id, dtype }: Input): DataType {
  if (isDataType(dtype)) return dtype;
  throw new TryProblem("This can't run in a browser", `Input “${id}” is of type ${dtype}.`);
}

function undecodable(input: Input, file: File, reason: string): TryProblem {
  return new TryProblem(
    `This file can't be read`,
    `${file.name}: expected ${input.mediaTypes.join(" or ")} for “${input.id}”; ${reason}.`,
  );
}
