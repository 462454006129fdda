import type { Weights } from "#schema/config.ts";
import type { Network } from "#schema/network.ts";
import { factsOf } from "./facts.ts";
import { readOnnx } from "./onnx.ts";
import { readStateDict } from "./pytorch.ts";
import { readSafetensors } from "./safetensors.ts";
import { Unreadable } from "./unreadable.ts";

/** What a weights file says of its network, or why it says nothing. */
export type Reading = { network: Network } | { unread: string };

type Format = Weights["format"];

const readers: Partial<Record<Format, (path: string) => Network>> = {
  onnx(path) {
    const { graph, ...rest } = readOnnx(path);
    return { ...rest, ...factsOf(graph) };
  },
  "pytorch-state-dict": readStateDict,
  safetensors: readSafetensors,
};

/**
 * Reads the network in a weights file of a contributor, who may have made it to harm: nothing of it
 * is run or unpickled, weights are passed over, and what is too large or damaged ends in a sentence.
 */
export function readNetwork(path: string, format: Format): Reading {
  const read = readers[format];
  if (!read) return { unread: `Files of the format ${format} are not read.` };
  try {
    return { network: read(path) };
  } catch (error) {
    if (error instanceof Unreadable) return { unread: error.message };
    throw error;
  }
}
