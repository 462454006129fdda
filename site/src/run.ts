import type { Input } from "#schema/config.ts";

export interface Command {
  title: string;
  command: string;
}

/** The lines that run an image: those that nearly everybody wants, and all others. */
export interface Commands {
  usual: Command[];
  others: Command[];
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

/** The lines for an image by digest. */
export function runCommands(id: string, image: string, inputs: Input[]): Commands {
  const serve = {
    title: "Serve it on port 8080",
    command: `docker run --rm -p 8080:8080 ${image}`,
  };
  const [input] = inputs;
  const cluster = { title: "Serve it on Kubernetes", command: kubernetes(id, image) };
  // A model with several inputs is asked by name of the input; the page of the running image says how.
  if (input === undefined || inputs.length > 1) return { usual: [serve], others: [cluster] };

  const mediaType = input.mediaTypes[0] ?? "application/octet-stream";
  const file = examples[mediaType] ?? (input.kind === "image" ? "image" : "array.npy");
  return {
    usual: [
      {
        title: "Predict one file",
        command: `docker run --rm -i ${image} predict - < ${file}`,
      },
      serve,
      {
        title: "Ask the server",
        command: `curl --data-binary @${file} -H "Content-Type: ${mediaType}" http://localhost:8080/api/predict`,
      },
    ],
    others: [
      { title: "Ask the server from Python", command: python(file, mediaType) },
      {
        title: "Predict a folder, and go on where it stopped",
        command: `mkdir -p out
docker run --rm -v "$PWD:/in:ro" -v "$PWD/out:/out" --user "$(id -u)" ${image} batch /in --out /out --resume`,
      },
      { title: "Podman", command: `podman run --rm -i ${image} predict - < ${file}` },
      {
        title: "Apptainer, without root",
        command: `apptainer run docker://${image} predict ${file}`,
      },
      cluster,
    ],
  };
}

function python(file: string, mediaType: string): string {
  return `import json, pathlib, urllib.request

request = urllib.request.Request(
    "http://localhost:8080/api/predict",
    data=pathlib.Path("${file}").read_bytes(),
    headers={"Content-Type": "${mediaType}"},
)
with urllib.request.urlopen(request) as reply:
    print(json.load(reply)["output"])`;
}

function kubernetes(id: string, image: string): string {
  return `kubectl create deployment ${id} --image=${image} --port=8080
kubectl expose deployment ${id} --port=8080`;
}
