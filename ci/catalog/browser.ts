import { join } from "node:path";
import type { BrowserFiles } from "#schema/catalog.ts";
import type { Config, Weights } from "#schema/config.ts";
import type { Source } from "#schema/entry.ts";
import type { Instance } from "#schema/instance.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { ModelHubError } from "../errors.ts";
import { fetchSource } from "../source.ts";
import { fetchWeights } from "../weights.ts";

/** More than this is too much to download only to see what a model does. */
const mostBytes = 25 * 1024 * 1024;

/** Names of what a page reads of each kind of input: media types, and endings of files. */
const readable: Partial<Record<Config["inputs"][number]["kind"], RegExp>> = {
  image: /[/.](png|jpe?g|webp|gif|bmp)$/,
  volume: /(nifti|\.nii|\.nii\.gz|npy)$/,
  array: /(npy|numpy|hdf5|\.h5)$/,
  table: /(csv|tab-separated-values|\.tsv)$/,
  audio: /[/.](x-wav|vnd\.wave|wave?)$/,
};

const outputTypes = new Set([
  "label_list",
  "bounding_boxes",
  "keypoints",
  "vector",
  "mask",
  "heatmap",
  "image",
]);

/** What a browser needs of a version's folder: its weights, and the texts that operations read. */
export interface BrowserNeeds {
  weights: ModelRecord["weights"][number];
  texts: string[];
}

/** The needs of a model that is all ONNX and named operations; of another, nothing. */
export function browserNeeds({ config, weights, files }: ModelRecord): BrowserNeeds | undefined {
  const [declared] = config.weights;
  const isOnnx = config.weights.length === 1 && declared?.format === "onnx";
  const hasCode = files.some(({ path }) => path === (config.model.entrypoint ?? "model.py"));
  const [file] = weights;
  if (!isOnnx || hasCode || !file || file.bytes > mostBytes) return undefined;
  if (!config.inputs.every((input) => isReadable(input, config.samples))) return undefined;
  if (!config.outputs.every(({ type }) => outputTypes.has(type))) return undefined;
  return { weights: file, texts: textsOf(config) };
}

/** Whether a page reads files for the input, and all samples of it. */
function isReadable(
  { id, kind, mediaTypes }: Config["inputs"][number],
  samples: Config["samples"],
): boolean {
  const names = readable[kind];
  if (!names || !mediaTypes.some((type) => names.test(type))) return false;
  return samples.every(({ inputs }) => names.test(inputs[id] ?? ""));
}

/**
 * Copies, with `copy`, what browsers need of a version to below `place`, which is relative to
 * api/v1/. Nothing where browsers can't run it, or where its files are out of reach.
 */
export async function offerToBrowsers(
  record: ModelRecord,
  { source, instance, place }: { source: Source; instance: Instance; place: string },
  copy: (from: string, to: string) => void,
): Promise<BrowserFiles | undefined> {
  const needs = browserNeeds(record);
  const [declared] = record.config.weights;
  if (!needs || !declared) return undefined;
  const { id, file, sha256, bytes } = needs.weights;
  const fetched = await fetchFolder(declared, source, instance);
  if (!fetched) return undefined;
  const address = `${place}/weights/${id}/${file}`;
  copy(fetched.weights, address);
  const texts = needs.texts.map((path) => [path, `${place}/texts/${path}`] as const);
  for (const [path, to] of texts) copy(join(fetched.folder, path), to);
  return { weights: { file: address, sha256, bytes }, texts: Object.fromEntries(texts) };
}

/** The folder and its weights on this machine. */
async function fetchFolder(
  declared: Weights,
  source: Source,
  instance: Instance,
): Promise<{ folder: string; weights: string } | undefined> {
  try {
    const { folder } = await fetchSource(source, { instance });
    return { folder, weights: (await fetchWeights(declared, { folder })).path };
  } catch (error) {
    // The image has them, whatever became of where they came from; only the button goes.
    if (error instanceof ModelHubError) return undefined;
    throw error;
  }
}

function textsOf({ outputs }: Config): string[] {
  const named = outputs.flatMap(({ postprocessing = [] }) =>
    postprocessing.flatMap((operation) =>
      operation.id === "labels" && operation.kwargs?.file ? [operation.kwargs.file] : [],
    ),
  );
  return [...new Set(named)];
}
