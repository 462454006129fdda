import { basename, join } from "node:path";
import type { BrowserFiles } from "#schema/catalog.ts";
import type { Config, Weights } from "#schema/config.ts";
import type { Source } from "#schema/entry.ts";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { bytes } from "#viewers/format.ts";
import { ModelHubError } from "../errors.ts";
import { fetchSource } from "../source.ts";
import { fetchWeights } from "../weights.ts";
import { isReadable } from "./browser-kinds.ts";

/** More than this is too much to download only to see what a model does. */
const mostBytes = 25 * 1024 * 1024;

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
export function browserNeeds(record: ModelRecord): BrowserNeeds | undefined {
  const [file] = record.weights;
  if (!file || browserLack(record) !== undefined) return undefined;
  return { weights: file, texts: textsOf(record.config) };
}

/** Why a page can't run a model by itself, as a sentence's end; nothing where it can. */
export function browserLack({ config, weights, files }: ModelRecord): string | undefined {
  const code = config.model.entrypoint ?? "model.py";
  if (files.some(({ path }) => path === code)) return `it has code of its own, in ${code}`;
  const [declared] = config.weights;
  if (config.weights.length !== 1 || declared?.format !== "onnx")
    return "its weights are not one ONNX file";
  const size = weights[0]?.bytes ?? 0;
  if (size > mostBytes) return `its weights of ${bytes(size)} are more than ${bytes(mostBytes)}`;
  for (const input of config.inputs) {
    const unread = unreadOf(input, config.samples);
    if (unread) return `it takes ${unread} for “${input.id}”, which a page doesn't read`;
  }
  const undrawn = config.outputs.find(({ type }) => !outputTypes.has(type));
  return undrawn && `it gives ${undrawn.type} for “${undrawn.id}”, which a page doesn't make`;
}

/** What a page doesn't read of an input: its media types, or a sample's file. */
function unreadOf(input: Config["inputs"][number], samples: Config["samples"]): string | undefined {
  const { id, mediaTypes } = input;
  if (!mediaTypes.some((type) => isReadable(input, type))) return mediaTypes.join(" or ");
  const files = samples.map(({ inputs }) => inputs[id] ?? "");
  const file = files.find((name) => !isReadable(input, name));
  return file && `files such as ${basename(file)}`;
}

/**
 * Copies, with `copy`, what browsers need of a version to below `place`, which is relative to
 * api/v1/. Nothing where browsers can't run it, or where its files are out of reach.
 */
export async function offerToBrowsers(
  record: ModelRecord,
  { place, ...origin }: Origin & { place: string },
  copy: (from: string, to: string) => void,
): Promise<BrowserFiles | undefined> {
  const needs = browserNeeds(record);
  const [declared] = record.config.weights;
  if (!needs || !declared) return undefined;
  const { id, file, sha256, bytes: size } = needs.weights;
  const fetched = await fetchFolder(declared, origin);
  if (!fetched) return undefined;
  const address = `${place}/weights/${id}/${file}`;
  copy(fetched.weights, address);
  const texts = needs.texts.map((path) => [path, `${place}/texts/${path}`] as const);
  for (const [path, to] of texts) copy(join(fetched.folder, path), to);
  return { weights: { file: address, sha256, bytes: size }, texts: Object.fromEntries(texts) };
}

/** Where a version's files came from, and the lock of what was published of them. */
interface Origin {
  source: Source;
  lock: Lock;
  instance: Instance;
}

/** The folder and its weights on this machine: out of our own registry, which outlives their hosts. */
async function fetchFolder(
  declared: Weights,
  { source, lock, instance }: Origin,
): Promise<{ folder: string; weights: string } | undefined> {
  try {
    const { folder } = await fetchSource(source, { instance, lock });
    return { folder, weights: (await fetchWeights(declared, { folder, lock })).path };
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
