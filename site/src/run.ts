import type { Input } from "#schema/config.ts";

export interface Command {
  title: string;
  command: string;
}

/** A name to stand for the user's file, by media type. */
const examples: Record<string, string> = {
  "image/jpeg": "photo.jpg",
  "image/png": "image.png",
  "image/webp": "image.webp",
  "image/tiff": "image.tiff",
  "application/dicom": "slice.dcm",
  "application/x-nifti": "scan.nii.gz",
  "application/x-nrrd": "scan.nrrd",
  "audio/wav": "sound.wav",
  "audio/flac": "sound.flac",
  "text/csv": "table.csv",
  "text/plain": "text.txt",
};

/** The lines that run an image: predict once, serve, ask what is served. */
export function runCommands(image: string, inputs: Input[]): Command[] {
  const serve = {
    title: "Serve it on port 8080",
    command: `docker run --rm -p 8080:8080 ${image}`,
  };
  const [input] = inputs;
  // A model with several inputs is asked by name of the input; the page of the running image says how.
  if (input === undefined || inputs.length > 1) return [serve];

  const mediaType = input.mediaTypes[0] ?? "application/octet-stream";
  const file = examples[mediaType] ?? (input.kind === "image" ? "image" : "array.npy");
  return [
    {
      title: "Predict one file",
      command: `docker run --rm -i ${image} predict - < ${file}`,
    },
    serve,
    {
      title: "Ask the server",
      command: `curl --data-binary @${file} -H "Content-Type: ${mediaType}" http://localhost:8080/api/predict`,
    },
  ];
}
