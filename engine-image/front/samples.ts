import { extname, join, posix } from "node:path";
import type { Config, Sample } from "#schema/config.ts";
import type { InferInputs } from "./worker.ts";

/** A file of a sample, under the only name by which it can be asked for. */
export interface SampleFile {
  name: string;
  path: string;
  mediaType: string;
}

/** The model's samples, found by names that the config lists and by no others. */
export class Samples {
  readonly #config: Config;
  readonly #folder: string;
  readonly #files = new Map<string, SampleFile>();
  readonly #byName = new Map<string, Sample>();

  constructor(config: Config, folder: string) {
    this.#config = config;
    this.#folder = folder;
    for (const sample of config.samples)
      for (const path of Object.values(sample.inputs)) {
        this.#files.set(fileName(path), {
          name: fileName(path),
          path: join(folder, path),
          mediaType: mediaTypeOf(path),
        });
        this.#byName.set(path, sample).set(fileName(path), sample);
      }
    for (const sample of config.samples) this.#byName.set(sample.id, sample);
  }

  /** The file of that name, or nothing. */
  file(name: string): SampleFile | undefined {
    return this.#files.get(name);
  }

  /** The sample of that id, or with a file of that name, or nothing. */
  find(name: string): Sample | undefined {
    return this.#byName.get(name);
  }

  /** What /api/samples lists. */
  list(): { id: string; title: string; inputs: Record<string, string> }[] {
    return this.#config.samples.map(({ id, title, inputs }) => ({
      id,
      title,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([input, path]) => [input, fileUrl(fileName(path))]),
      ),
    }));
  }

  /** The sample's files as the worker takes them. */
  inputs(sample: Sample): InferInputs {
    return Object.fromEntries(
      Object.entries(sample.inputs).map(([id, path]) => [
        id,
        { mediaType: null, path: join(this.#folder, path) },
      ]),
    );
  }

  /** Names of all files of samples. */
  get names(): string[] {
    return [...this.#files.keys()];
  }

  /** Paths under which they are asked for. */
  get addresses(): string[] {
    return this.names.map(fileUrl);
  }

  get ids(): string[] {
    return this.#config.samples.map(({ id }) => id);
  }
}

/** A sample's file is asked for by its path in the model's folder, less its first folder where that is the usual one. */
function fileName(path: string): string {
  return posix.normalize(path).replace(/^(samples|sample_data)\//, "");
}

function fileUrl(name: string): string {
  return `/api/samples/${name.split("/").map(encodeURIComponent).join("/")}`;
}

// Types that a browser may show. All others are given as bytes, so that no sample can be a page.
const mediaTypes: Record<string, string> = {
  ".bmp": "image/bmp",
  ".csv": "text/csv",
  ".dcm": "application/dicom",
  ".flac": "audio/flac",
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".nii": "application/x-nifti",
  ".npy": "application/x-npy",
  ".png": "image/png",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".wav": "audio/wav",
  ".webp": "image/webp",
};

function mediaTypeOf(path: string): string {
  if (path.toLowerCase().endsWith(".nii.gz")) return "application/x-nifti";
  return mediaTypes[extname(path).toLowerCase()] ?? "application/octet-stream";
}
