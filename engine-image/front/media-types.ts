/** Other names under which media types go about; signatures.py has the same. */
const aliases: Record<string, string> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
  "image/x-bmp": "image/bmp",
  "image/x-ms-bmp": "image/bmp",
  "image/tif": "image/tiff",
  "application/npy": "application/x-npy",
  "application/x-numpy": "application/x-npy",
  "application/vnd.numpy": "application/x-npy",
  "application/npz": "application/x-npz",
  "application/hdf5": "application/x-hdf5",
  "application/x-hdf": "application/x-hdf5",
  "application/nii": "application/x-nifti",
  "application/nii-gzip": "application/x-nifti",
  "application/nifti": "application/x-nifti",
  "application/vnd.nifti": "application/x-nifti",
  "application/x-nifti+gzip": "application/x-nifti",
  "image/nifti": "application/x-nifti",
  "application/nrrd": "application/x-nrrd",
  "image/nrrd": "application/x-nrrd",
  "image/x-nrrd": "application/x-nrrd",
  "image/dicom": "application/dicom",
  "application/x-dicom": "application/dicom",
  "application/x-zip-compressed": "application/zip",
  "application/x-gzip": "application/gzip",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/x-flac": "audio/flac",
  "application/csv": "text/csv",
  "text/tab-separated-values": "text/csv",
};

/** The name that the engine goes by. */
export function canonical(mediaType: string): string {
  return aliases[mediaType] ?? mediaType;
}

/** A Content-Type without its parameters, such as a charset; nothing where there is none. */
export function essence(contentType: string | undefined): string | undefined {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "" ? undefined : type;
}
