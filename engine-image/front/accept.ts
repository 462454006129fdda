import type { Config, Output } from "#schema/config.ts";
import { canonical } from "./media-types.ts";
import { Problem } from "./problem.ts";
import type { Encoding } from "./worker.ts";

type FileEncoding = Exclude<Encoding, "tensor">;

/** Media types that a client may ask for, and the encoding that gives them. */
const encodings: Record<string, FileEncoding> = {
  "application/json": "json",
  "application/x-hdf5": "hdf5",
  "application/x-npy": "npy",
  "image/png": "png",
  "application/x-nifti": "nifti",
  "text/csv": "csv",
  "application/dicom": "dicom-seg",
};

const wildcards: Record<string, string> = {
  "*/*": "application/json",
  "application/*": "application/json",
  "image/*": "image/png",
  "text/*": "text/csv",
};

/** The encoding that the header `Accept` likes best. Raises 406 where it likes none that there is. */
export function chooseEncoding(accept: string | undefined, config: Config): Encoding {
  if (!accept || accept === "*/*" || accept === "application/json") return "json";
  const available = availableTypes(config);
  for (const type of preferences(accept)) {
    const known = wildcards[type] ?? canonical(type);
    if (available.includes(known)) return encodings[known] as Encoding;
  }
  throw new Problem(
    "not_acceptable",
    `This model's outputs come as ${available.join(", ")}, but the request accepts only ${shown(accept)}. Name one of them in the header Accept, or leave it out for JSON.`,
  );
}

/** The media types in which at least one of the model's outputs can be given. */
export function availableTypes({ outputs }: Config): string[] {
  return Object.entries(encodings)
    .filter(([, encoding]) => outputs.some((output) => suits(encoding, output)))
    .map(([type]) => type);
}

// What the worker's encoders can hold; those of shape and place they see only when there are any.
const holds: Record<Exclude<FileEncoding, "json" | "hdf5">, Output["type"][]> = {
  npy: ["vector", "mask", "heatmap", "image"],
  png: ["mask", "heatmap", "image"],
  nifti: ["mask", "heatmap", "image"],
  csv: ["label_list", "vector", "table", "bounding_boxes", "keypoints", "contour"],
  "dicom-seg": ["mask"],
};

function suits(encoding: FileEncoding, { type, grid }: Output): boolean {
  if (encoding === "json" || encoding === "hdf5") return true;
  return holds[encoding].includes(type) && (encoding !== "dicom-seg" || grid !== undefined);
}

/** Media types of an Accept header, dearest first; those with q=0 are left out. */
function preferences(accept: string): string[] {
  return accept
    .split(",")
    .map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith("q="));
      return { type, quality: q ? Number(q.slice(2)) : 1 };
    })
    .filter(({ type, quality }) => type && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ type }) => type);
}

function shown(accept: string): string {
  return accept.length > 100 ? `${accept.slice(0, 100)}…` : accept;
}
