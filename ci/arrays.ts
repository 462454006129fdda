import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Output } from "#schema/config.ts";
import { RelativePath } from "#schema/primitives.ts";
import type { Prediction } from "#schema/record.ts";
import type { NumberArray } from "#viewers/array.ts";
import { readNpy } from "#viewers/npy.ts";
import type { Came } from "./compare.ts";
import { ContributionError } from "./errors.ts";

/** Types of outputs that are arrays: their expected value may be a .npy file. */
const arrayTypes: readonly Output["type"][] = ["vector", "mask", "heatmap", "image"];

/** Whether an output is an array of numbers, and no list, text or table. */
export const isArray = ({ type }: Pick<Output, "type">) => arrayTypes.includes(type);

/** The path of the file that holds an expected array: the value is `{"file": path}` then. */
export function fileOf(output: Output, value: unknown): string | undefined {
  if (!isArray(output) || typeof value !== "object" || value === null) return undefined;
  return RelativePath.safeParse((value as { file?: unknown }).file).data;
}

/** The array in a .npy file of a contribution; nothing where it holds none. */
export function readArray(folder: string, path: string): NumberArray | undefined {
  return readNpy(readFileSync(join(folder, path)));
}

/** Expected values, those that are files read. */
export function withFiles(
  outputs: readonly Output[],
  expected: Readonly<Record<string, unknown>>,
  folder: string,
): Record<string, unknown> {
  const arrays = outputs.flatMap((output) => {
    const path = fileOf(output, expected[output.id]);
    return path === undefined ? [] : [[output.id, readArray(folder, path)]];
  });
  return { ...expected, ...Object.fromEntries(arrays) };
}

/** Outputs as they are compared: pictures and large arrays are no JSON, and are asked for as .npy. */
export async function withArrays(
  outputs: readonly Prediction[],
  ask: () => Promise<Uint8Array>,
): Promise<Came[]> {
  if (!outputs.some(isAway)) return [...outputs];
  const names = outputs.filter(isArray).map(({ name }) => name);
  const files = filesOf(await ask(), `${names[0]}.npy`);
  return outputs.map((output) => {
    if (!isAway(output)) return output;
    const file = files.get(`${output.name}.npy`);
    const prediction = file && readNpy(file);
    if (prediction) return { ...output, prediction, file };
    throw new ContributionError({
      file: "model.py",
      key: output.name,
      expected: "an array of numbers",
      got: "nothing that can be read",
    });
  });
}

function isAway(output: Prediction): boolean {
  return isArray(output) && typeof output.prediction === "string";
}

// What a catalog can show of a sample; the rest is told in words.
const mostKept = 256 * 1024;
// A report comes from a job that ran a contributor's code, so what it unpacks to is bounded.
const mostUnpacked = 512 * 1024 * 1024;

const keptType = "application/x-npy+gzip";
const keptStart = `data:${keptType};base64,`;

/**
 * Outputs as a report keeps them: the server on which arrays lay is gone then, so they are put into the
 * text itself, as .npy in gzip. Larger ones and pictures are left where they were.
 */
export function withKept(outputs: readonly Prediction[], came: readonly Came[]): Prediction[] {
  return outputs.map((output) => {
    const file = came.find(({ name }) => name === output.name)?.file;
    const packed = file && output.type !== "image" ? gzipSync(file, { level: 9 }) : undefined;
    if (!packed || packed.length > mostKept) return output;
    const prediction = keptStart + packed.toString("base64");
    return { ...output, mediaType: keptType, prediction } as Prediction;
  });
}

/** Whether a report keeps an output's array in the text itself. */
export const isKept = (prediction: unknown): prediction is string =>
  typeof prediction === "string" && prediction.startsWith(keptStart);

/** The array that a report keeps of an output; nothing where it is damaged, or keeps none. */
export function keptArray({ prediction }: Prediction): NumberArray | undefined {
  if (!isKept(prediction)) return undefined;
  const packed = Buffer.from(prediction.slice(keptStart.length), "base64");
  try {
    return readNpy(gunzipSync(packed, { maxOutputLength: mostUnpacked }));
  } catch {
    return undefined;
  }
}

/** Files of the engine's reply by name: one alone, or several in a zip that is not deflated. */
function filesOf(reply: Uint8Array, name: string): Map<string, Uint8Array> {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  const isZip = view.byteLength > 4 && view.getUint32(0) === zipEntry;
  return isZip ? new Map(zipEntries(reply, view)) : new Map([[name, reply]]);
}

/** `PK` and the number of an entry's header. */
const zipEntry = 0x504b0304;

function* zipEntries(zip: Uint8Array, view: DataView): Generator<[string, Uint8Array]> {
  let at = 0;
  while (at + 30 <= zip.length && view.getUint32(at) === zipEntry) {
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    const start = nameEnd + view.getUint16(at + 28, true);
    const end = start + view.getUint32(at + 18, true);
    yield [new TextDecoder().decode(zip.subarray(at + 30, nameEnd)), zip.subarray(start, end)];
    at = end;
  }
}
