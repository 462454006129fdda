import { type Compressed, jpegIn } from "./dicom-file.ts";

/**
 * A DICOM file with plain pixels, where its own are one JPEG of 8 bits, which the browser unpacks; every
 * other file as it is.
 */
export async function withoutJpeg(file: Uint8Array): Promise<Uint8Array> {
  const found = typeof createImageBitmap === "undefined" ? undefined : jpegIn(file);
  const pixels = found && (await pixelsOf(found));
  return found && pixels ? withPixels(file, found, pixels) : file;
}

/** One number for each sample; nothing where it is no JPEG, or of another size than the header says. */
async function pixelsOf({ fragments, rows, columns, samples }: Compressed) {
  const jpeg = new Blob(fragments as Uint8Array<ArrayBuffer>[], { type: "image/jpeg" });
  // Values as they are stored: no colour profile, and no turning.
  const bitmap = await createImageBitmap(jpeg, {
    colorSpaceConversion: "none",
    imageOrientation: "none",
  }).catch(() => undefined);
  if (bitmap?.width !== columns || bitmap.height !== rows) return undefined;
  const context = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const data = context?.getImageData(0, 0, columns, rows).data;
  return data?.filter((_, at) => at % 4 < samples);
}

/** The file's header in the words of plain pixels, and those behind it. */
function withPixels(
  file: Uint8Array,
  { header, syntax, photometric, planes, samples }: Compressed,
  pixels: Uint8ClampedArray,
): Uint8Array {
  const plain = new Uint8Array(header + 12 + pixels.length + (pixels.length % 2));
  plain.set(file.subarray(0, header));
  const write = (at: number, text: string, length: number, fill: string) =>
    plain.set(new TextEncoder().encode(text.padEnd(length, fill)), at);
  write(syntax.at, "1.2.840.10008.1.2.1", syntax.length, "\0");
  if (samples === 3) write(photometric.at, "RGB", photometric.length, " ");
  if (planes) plain.fill(0, planes.at, planes.at + planes.length);
  plain.set([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0], header);
  new DataView(plain.buffer).setUint32(header + 8, plain.length - header - 12, true);
  plain.set(pixels, header + 12);
  return plain;
}
