import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inputChain, outputChain } from "../../engine-image/operations/model-operations.ts";
import { Misfit } from "../../engine-image/operations/step.ts";
import type { Contribution } from "../contribution.ts";
import { type Problem, quote } from "../problems.ts";
import { hasFile, inConfig } from "./config.ts";
import type { ContributionRule } from "./rule.ts";

/** Named operations fit the axes that come to them, and find the files that they name. */
export const operationsFit: ContributionRule = ({ contribution }) => {
  const { inputs, outputs = [] } = contribution.parts;
  // What comes after the network undoes what came before: of unreadable inputs nothing can be said.
  if (!inputs) return [];
  const before = inputs.flatMap((input, index) =>
    misfits(contribution, `inputs[${index}].preprocessing`, () => inputChain(input)),
  );
  const after = outputs.flatMap((output, index) => {
    if (!output.postprocessing?.length) return [];
    const key = `outputs[${index}].postprocessing`;
    return misfits(contribution, key, () => outputChain(output, inputs, reader(contribution)));
  });
  return [...before, ...after];
};

function misfits(contribution: Contribution, key: string, bind: () => unknown): Problem[] {
  try {
    bind();
    return [];
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const expected = "named operations that fit the axes";
    return [inConfig(contribution, { key, expected, got: `one that doesn't: ${error.message}` })];
  }
}

function reader(contribution: Contribution): (path: string) => string {
  return (path) => {
    if (!hasFile(contribution, path))
      throw new Misfit(`can't read ${quote(path)}, which is not there`);
    return readFileSync(join(contribution.folder, path), "utf8");
  };
}
