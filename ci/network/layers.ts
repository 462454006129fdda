import type { NetworkTensor } from "#schema/network.ts";

/** A network in the words that all formats share, before anything is counted. */

/** Numbers that the file holds. */
export interface Constant {
  name: string;
  type: string;
  /** How many numbers. */
  count: number;
  /** Its value, where it is a lone one. */
  value?: number;
}

export interface Layer {
  operator: string;
  /** Names of values; one that is left out is empty. */
  inputs: string[];
  outputs: string[];
  /** Graphs that it runs inside, such as the branches of an If. */
  bodies: Layers[];
  /** Numbers that it holds itself. */
  own: Constant[];
}

export interface Layers {
  layers: Layer[];
  constants: Constant[];
  inputs: NetworkTensor[];
  outputs: NetworkTensor[];
}
