import { basename } from "node:path";

const byExtension: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".bmp": "image/bmp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".npy": "application/x-npy",
  ".npz": "application/x-npz",
  ".h5": "application/x-hdf5",
  ".json": "application/json",
  ".csv": "text/csv",
  ".txt": "text/plain",
  ".wav": "audio/wav",
  ".flac": "audio/flac",
  ".dcm": "application/dicom",
  ".nii": "application/x-nifti",
  ".nii.gz": "application/x-nifti",
  ".nrrd": "application/x-nrrd",
};

/** Media type of a file by its name. */
export function mediaTypeOf(path: string): string {
  const [, ending = ""] = /(\.nii\.gz|\.[^.]+)$/i.exec(basename(path)) ?? [];
  return byExtension[ending.toLowerCase()] ?? "application/octet-stream";
}
