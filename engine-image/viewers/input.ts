import type { Input } from "#schema/config.ts";
import { withoutJpeg } from "./dicom-jpeg.ts";
import { readDicomPicture } from "./dicom-picture.ts";
import { element } from "./dom.ts";
import { bytes } from "./format.ts";
import { volumeOfGrid } from "./grid.ts";
import { unpacked } from "./packed.ts";
import { readArray } from "./read-array.ts";
import { readTable } from "./read-table.ts";
import { readScan } from "./scan.ts";
import { pictureOf, pictureOfPixels } from "./slice.ts";
import { drawSlices, type OpenVolume } from "./slices.ts";
import { drawSound } from "./sound.ts";
import type { Backdrop } from "./stack.ts";
import { drawTable } from "./table.ts";
import { drawText } from "./text.ts";
import { drawVector } from "./vector.ts";
import { type Volume, volumeOf } from "./volume.ts";

/** An input as it is shown, and what outputs may be drawn on. */
export interface InputView {
  node: HTMLElement;
  backdrop?: Backdrop;
  volume?: Volume;
}

// More than this takes a browser longer to read than people wait for.
const mostBytes = 256 * 2 ** 20;

/** Show an input's files; those that a browser can't read are named. */
export async function drawInput(
  files: readonly File[],
  input: Input,
  open?: OpenVolume,
): Promise<InputView> {
  const [file, ...more] = files;
  const size = files.reduce((sum, { size }) => sum + size, 0);
  if (file && size <= mostBytes) {
    const view = await draw(file, more, input, open).catch(() => undefined);
    if (view) return view;
  }
  const name = more.length > 0 ? `${files.length} files` : (file?.name ?? "");
  return { node: element("p", { className: "file" }, `${name}, ${bytes(size)}`) };
}

async function draw(
  file: File,
  more: readonly File[],
  input: Input,
  open: OpenVolume | undefined,
): Promise<InputView | undefined> {
  if (/\.(npy|h5|hdf5)$/i.test(file.name)) return drawArray(await read(file), input, open);
  if (input.kind === "image") {
    const pixels = readDicomPicture(await withoutJpeg(await unpacked(file)));
    if (pixels) return pictureOfPixels(pixels, file.name);
  }
  if (more.length > 0 || input.kind === "volume" || isScan(file)) {
    const grid = await readScan([file, ...more]);
    if (grid && input.kind === "image" && grid.sizes[2] === 1) return pictureOf(grid, file.name);
    return grid && drawScan(volumeOfGrid(grid), open);
  }
  switch (input.kind) {
    case "image":
      return drawImage(file);
    case "audio":
      return { node: await drawSound(file, file.name) };
    case "text":
      return { node: drawText(await file.text(), file.name) };
    case "table":
      return { node: drawTable(readTable(await file.text()), file.name) };
    default:
      return undefined;
  }
}

/** An image input may be a slice of a scan. */
function isScan({ name }: File): boolean {
  return /\.(nii(\.gz)?|dcm)$/i.test(name);
}

async function drawImage(file: File): Promise<InputView> {
  const src = URL.createObjectURL(file);
  const image = element("img", { src, alt: file.name });
  await image.decode();
  const { naturalWidth, naturalHeight } = image;
  return { node: image, backdrop: { src, width: naturalWidth, height: naturalHeight } };
}

async function drawArray(
  file: Uint8Array,
  input: Input,
  open: OpenVolume | undefined,
): Promise<InputView | undefined> {
  const array = await readArray(file);
  if (!array) return undefined;
  const axes = input.axes.map(({ name }) => name);
  const names = axes.length === array.shape.length ? axes : undefined;
  const volume = input.kind === "volume" ? volumeOf(array, names, {}) : undefined;
  if (volume) return drawScan(volume, open);
  return {
    node: drawVector(array, { name: input.id, axes: names, unit: undefined, columns: undefined }),
  };
}

function drawScan(volume: Volume, open: OpenVolume | undefined): InputView {
  return { node: drawSlices(volume, undefined, open), volume };
}

async function read(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
