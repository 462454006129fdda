import { isDicom } from "./dicom-file.ts";
import { unpackedHead } from "./packed.ts";

// Enough to see what a file is; packed ones tell it in the bytes that come out.
const headBytes = 4096;

/** What a file begins with, by media type. signatures.py of the engine has the same. */
const signatures: readonly (readonly [start: string, mediaType: string])[] = [
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["\xff\xd8\xff", "image/jpeg"],
  ["II*\0", "image/tiff"],
  ["MM\0*", "image/tiff"],
  // BigTIFF.
  ["II+\0", "image/tiff"],
  ["MM\0+", "image/tiff"],
  ["\x93NUMPY", "application/x-npy"],
  ["GIF87a", "image/gif"],
  ["GIF89a", "image/gif"],
  ["%PDF-", "application/pdf"],
  ["\x89HDF\r\n\x1a\n", "application/x-hdf5"],
  ["NRRD000", "application/x-nrrd"],
  ["fLaC", "audio/flac"],
];

/** Media type of a file by its first bytes; nothing for a kind that has no signature. */
export async function mediaTypeOf(file: Blob): Promise<string | undefined> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const packed = await unpackedHead(file);
  if (!packed) return sniff(head);
  return isNifti(latin(packed)) ? "application/x-nifti" : "application/gzip";
}

function sniff(head: Uint8Array): string | undefined {
  // First, since its preamble may make it a TIFF too.
  if (isDicom(head)) return "application/dicom";
  const text = latin(head);
  const [, known] = signatures.find(([start]) => text.startsWith(start)) ?? [];
  if (known) return known;
  if (text.startsWith("RIFF")) return riffs[text.slice(8, 12)];
  // "BM" alone begins many a text; the four reserved bytes after the size are zero.
  if (text.startsWith("BM") && text.slice(6, 10) === "\0\0\0\0") return "image/bmp";
  if (text.startsWith("PK\x03\x04") || text.startsWith("PK\x05\x06"))
    return firstEntry(text).endsWith(".npy") ? "application/x-npz" : "application/zip";
  return isNifti(text) ? "application/x-nifti" : undefined;
}

const riffs: Record<string, string> = { WEBP: "image/webp", WAVE: "audio/wav" };

function firstEntry(text: string): string {
  return text.slice(30, 30 + text.charCodeAt(26) + text.charCodeAt(27) * 256);
}

/** Whether it is the header of a single file, of version 1 or 2. */
function isNifti(text: string): boolean {
  return text.slice(344, 348) === "n+1\0" || text.slice(4, 12) === "n+2\0\r\n\x1a\n";
}

/** A letter a byte; TextDecoder's latin1 is another. */
function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, headBytes));
}
