import type { Config, Input } from "#schema/config.ts";
import type { Original } from "./original.ts";

/**
 * What the model takes and gives. `inputs` and `outputs` are the config's; `input` and `output` say
 * the same in the words of the published engine.
 */
export function modelIo({ inputs, outputs }: Config, original?: Original) {
  if (original) return { inputs, outputs, ...original.model.io };
  const [only, ...others] = inputs;
  return {
    inputs,
    outputs,
    input:
      only && others.length === 0
        ? { format: only.mediaTypes, single: legacyInput(only) }
        : Object.fromEntries([
            ["format", ["multipart/form-data"]],
            ...inputs.map((input) => [input.id, legacyInput(input)]),
          ]),
    output: outputs.map(({ id, type, description = "" }) => ({ name: id, type, description })),
  };
}

function legacyInput({ mediaTypes, axes }: Input) {
  return {
    format: mediaTypes,
    dim_limits: axes.map(({ size }) =>
      typeof size === "number" ? { min: size, max: size } : (size ?? { min: 1 }),
    ),
  };
}
