import type { Prediction } from "#schema/record.ts";

/** The config of a contribution to the first ModelHub.AI, as far as replies repeat its words. */
export interface Original {
  id: string;
  model: {
    io: { input: object; output: { name: string; type: string; description?: string }[] };
  };
}

/** The outputs under the names and types that clients of the contribution know. */
export function inOriginalWords(outputs: Prediction[], { model }: Original): object[] {
  return outputs.map((output, index) => ({ ...output, ...model.io.output[index] }));
}
