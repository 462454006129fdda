import type { Runner } from "#page/runner.ts";
import type { CatalogSample } from "#schema/catalog.ts";
import type { Prediction } from "#schema/record.ts";

/** The sample whose only input is this very file, if the model has it. */
export async function recordedSample(
  samples: readonly CatalogSample[],
  file: File,
  resolve: (file: string) => string,
): Promise<CatalogSample | undefined> {
  for (const sample of samples) {
    const [input, ...more] = sample.inputs;
    if (!input || more.length > 0 || input.bytes !== file.size) continue;
    const reply = await fetch(resolve(input.file));
    if (reply.ok && (await isEqual(await reply.blob(), file))) return sample;
  }
  return undefined;
}

/** Answers with what the pipeline recorded of a sample. */
export function recordRunner({ outputs }: CatalogSample): Runner {
  return {
    predict: async () => ({
      outputs: outputs.map(inWords),
      facts: ["as recorded when the image was tested"],
    }),
  };
}

async function isEqual(one: Blob, other: Blob): Promise<boolean> {
  const [left, right] = await Promise.all(
    [one, other].map(async (blob) => new Uint8Array(await blob.arrayBuffer())),
  );
  return left?.length === right?.length && (left ?? []).every((byte, at) => byte === right?.[at]);
}

/** Large arrays lay on the server that was tested, and it is gone. */
function inWords(output: Prediction): Prediction {
  const { name, type, shape, prediction } = output;
  if (typeof prediction !== "string" || !prediction.startsWith("/api/output/")) return output;
  const text = `A ${type} of ${shape.join(" × ")}; its numbers were not kept.`;
  return { name, type: "text", shape: [], prediction: text };
}
