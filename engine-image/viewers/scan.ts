import { readDicom } from "./dicom.ts";
import { isDicom } from "./dicom-file.ts";
import { withoutJpeg } from "./dicom-jpeg.ts";
import type { Grid } from "./grid.ts";
import { readNifti } from "./nifti.ts";
import { isNrrd, readNrrd } from "./nrrd.ts";
import { unpacked } from "./packed.ts";

/** The scan in a NIfTI or NRRD file or in the slices of a DICOM series; nothing where they are neither. */
export async function readScan(files: readonly File[]): Promise<Grid | undefined> {
  const contents = await Promise.all(files.map(async (file) => withoutJpeg(await unpacked(file))));
  const [first, ...more] = contents;
  if (!first) return undefined;
  if (isDicom(first)) return readDicom(contents);
  if (more.length > 0) return undefined;
  return isNrrd(first) ? readNrrd(first) : readNifti(first);
}
