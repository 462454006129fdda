import { isDicom, readDicom } from "./dicom.ts";
import type { Grid } from "./grid.ts";
import { readNifti } from "./nifti.ts";

/** The scan in a NIfTI file or in the slices of a DICOM series; nothing where they are neither. */
export async function readScan(files: readonly File[]): Promise<Grid | undefined> {
  const contents = await Promise.all(files.map(bytesOf));
  const [first, ...more] = contents;
  if (!first) return undefined;
  if (isDicom(first)) return readDicom(contents);
  return more.length === 0 ? readNifti(first) : undefined;
}

/** The file's bytes, out of gzip where it is packed. */
async function bytesOf(file: File): Promise<Uint8Array> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  const body = isPacked ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file;
  return new Uint8Array(await new Response(body).arrayBuffer());
}
