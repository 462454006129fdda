import { statSync } from "node:fs";
import { extname } from "node:path";
import { ContributionError } from "#ci/errors.ts";
import { sha256File } from "#ci/files.ts";
import { readNetwork } from "#ci/network/read.ts";
import type { Weights } from "#schema/config.ts";
import type { NetworkTensor } from "#schema/network.ts";

/** What an author copies from a weights file into modelhub.json. */
export interface Inspected {
  weights: Pick<Weights, "sha256" | "bytes" | "format" | "parameters">;
  /** The network's tensors in its order, where the format tells them. */
  inputs?: NetworkTensor[] | undefined;
  outputs?: NetworkTensor[] | undefined;
  /** Why nothing is known of the network. */
  unread?: string;
}

/** Reads a weights file without running it. Throws a ContributionError where there is none. */
export async function inspect(path: string): Promise<Inspected> {
  const file = statSync(path, { throwIfNoEntry: false });
  if (!file?.isFile()) {
    const got = file ? "a folder" : "nothing";
    throw new ContributionError({ file: path, expected: "a file of weights", got });
  }
  const ending = extname(path).toLowerCase();
  const format = formats[ending] ?? "other";
  const weights = { sha256: await sha256File(path), bytes: file.size, format };
  if (format === "other") {
    const kind = ending ? `a file that ends in ${ending}` : "a file without an ending";
    return { weights, unread: `none is read out of ${kind}; the config needs none` };
  }
  const reading = readNetwork(path, format);
  if ("unread" in reading) return { weights, unread: reading.unread };
  const { inputs, outputs, parameters } = reading.network;
  return { weights: { ...weights, parameters: parameters.total }, inputs, outputs };
}

const formats: Partial<Record<string, Weights["format"]>> = {
  ".onnx": "onnx",
  ".safetensors": "safetensors",
  ".pt": "pytorch-state-dict",
  ".pth": "pytorch-state-dict",
  ".tflite": "tflite",
  ".keras": "keras",
};

/** The same for a person: a line for each key, then one for each tensor. */
export function describeInspected({ weights, inputs, outputs, unread }: Inspected): string {
  const { format, bytes, sha256, parameters } = weights;
  const lines = [`format: ${format}`, `sha256: ${sha256}`, `bytes: ${bytes}`];
  if (parameters !== undefined) lines.push(`parameters: ${parameters}`);
  for (const tensor of inputs ?? []) lines.push(`input ${describeTensor(tensor)}`);
  for (const tensor of outputs ?? []) lines.push(`output ${describeTensor(tensor)}`);
  if (unread) lines.push(`network: ${unread}`);
  return lines.join("\n");
}

/** `probabilities: float32 [batch, 10]`. */
function describeTensor({ name, type = "of no known type", shape }: NetworkTensor): string {
  return `${name}: ${type}${shape ? ` [${shape.join(", ")}]` : ""}`;
}
