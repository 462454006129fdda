import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Chain } from "#operations/chain.ts";
import { inputChain, outputChain } from "#operations/model-operations.ts";
import { type Axis, Misfit, names } from "#operations/step.ts";
import type { Output } from "#schema/config.ts";
import type { Contribution } from "../contribution.ts";
import { type Problem, quote } from "../problems.ts";
import { hasFile, inConfig } from "./folder.ts";
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

/** What is drawn is one picture or volume: nothing is left of a network's batch, nor of a mask's channels. */
export const drawnAxesAreLeft: ContributionRule = ({ contribution }) => {
  const { inputs, outputs = [] } = contribution.parts;
  if (!inputs) return [];
  return outputs.flatMap((output, index) => {
    const undrawn = undrawnAxes[output.type];
    if (!undrawn || !output.postprocessing?.length) return [];
    const chain = bound(() => outputChain(output, inputs, reader(contribution)));
    // One that doesn't fit is told by the rule above.
    const axes = chain instanceof Misfit ? [] : (chain.axes ?? []);
    const drawn = axes.filter(({ type }) => !undrawn.includes(type));
    if (drawn.length === axes.length) return [];
    return [
      inConfig(contribution, {
        key: `outputs[${index}].postprocessing`,
        expected: `the axes ${names(drawn)} at the end, as a ${output.type} has them`,
        got: names(axes),
        hint: "transpose to these axes leaves out others of size 1; argmax along channel makes one of several",
      }),
    ];
  });
};

const undrawnAxes: Partial<Record<Output["type"], Axis["type"][]>> = {
  mask: ["batch", "channel"],
  heatmap: ["batch"],
  image: ["batch"],
};

function misfits(contribution: Contribution, key: string, bind: () => Chain): Problem[] {
  const misfit = bound(bind);
  if (!(misfit instanceof Misfit)) return [];
  const expected = "named operations that fit the axes";
  return [inConfig(contribution, { key, expected, got: `one that doesn't: ${misfit.message}` })];
}

/** The operations bound to their axes, or why one doesn't fit. */
export function bound(bind: () => Chain): Chain | Misfit {
  try {
    return bind();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return error;
  }
}

function reader(contribution: Contribution): (path: string) => string {
  return (path) => {
    if (!hasFile(contribution, path))
      throw new Misfit(`can't read ${quote(path)}, which is not there`);
    return readFileSync(join(contribution.folder, path), "utf8");
  };
}
