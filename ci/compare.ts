import type { Output } from "#schema/config.ts";
import { compareMasks, compareNumbers } from "./compare/arrays.ts";
import { compareContours, comparePoints } from "./compare/points.ts";
import {
  compareBoxes,
  compareCustom,
  compareLabels,
  compareTables,
  compareTexts,
} from "./compare/records.ts";
import { type Rule, ruleOf, type Verdict } from "./compare/rule.ts";

export interface Difference {
  output: string;
  passed: boolean;
  /** What was expected, what came, and by how much it differs. */
  message: string;
}

/** An output that came: its value as in JSON, or a NumberArray. */
export interface Came {
  name: string;
  type: Output["type"];
  prediction?: unknown;
  /** The .npy file that a large array came in. */
  file?: Uint8Array;
}

// What each takes is the form of its type; other forms make it throw.
type Comparison = (given: never, expected: never, rule: Rule) => Verdict;

const comparisons: Record<Output["type"], Comparison> = {
  label_list: compareLabels,
  vector: compareNumbers,
  heatmap: compareNumbers,
  image: compareNumbers,
  mask: compareMasks,
  bounding_boxes: compareBoxes,
  keypoints: comparePoints,
  contour: compareContours,
  text: compareTexts,
  table: compareTables,
  custom: compareCustom,
};

/**
 * Compares what a model gave with what the author expects, output by output. The rules are those of
 * the engine, told in its compare.py; both pass the cases of engine-image/compare.
 */
export function compareOutputs(
  outputs: readonly Output[],
  expected: Readonly<Record<string, unknown>>,
  came: readonly Came[],
): Difference[] {
  return outputs.map((output) => {
    const { id, type } = output;
    const found = came.find(({ name }) => name === id);
    const passed = false;
    if (!found)
      return { output: id, passed, message: `expected an output of type ${type}, got none` };
    if (found.type !== type)
      return { output: id, passed, message: `expected type ${type}, got ${found.type}` };
    return { output: id, ...verdict(output, found.prediction, expected[id]) };
  });
}

function verdict({ type, tolerance }: Output, given: unknown, expected: unknown): Verdict {
  try {
    return comparisons[type](given as never, expected as never, ruleOf(tolerance));
  } catch (error) {
    // A RangeError: lists nested thousands deep.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return { passed: false, message: `the expected value is no ${type}` };
  }
}
