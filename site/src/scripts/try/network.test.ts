import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as ort from "onnxruntime-web/wasm";
import { expect, test } from "vitest";
import { compareOutputs } from "#ci/compare.ts";
import { root } from "#ci/home.ts";
import type { Config } from "#schema/config.ts";
import { type Decoded, decode } from "./decode.ts";
import { predict } from "./network.ts";

ort.env.wasm.numThreads = 1;

/** One of the examples without code that bring their weights along. */
function example(name: string) {
  const folder = join(root, "contrib-template", "examples", name);
  const read = (path: string) => readFileSync(join(folder, path));
  const config: Config = JSON.parse(read("modelhub.json").toString());
  const weights = read(config.weights[0]?.path ?? "");
  return {
    config,
    read,
    async run(inputs: Map<string, Decoded>) {
      const session = await ort.InferenceSession.create(weights);
      const parts = { session, Tensor: ort.Tensor, read: (path: string) => `${read(path)}` };
      return predict({ inputs: config.inputs, outputs: config.outputs, ...parts }, inputs);
    },
  };
}

test("a table gives what the engine gives", async () => {
  const { config, read, run } = example("breast-cytology");
  const [input] = config.inputs;
  const [sample] = config.samples;
  if (!input || !sample) throw new Error("The example has no sample.");
  const path = sample.inputs[input.id] ?? "";
  const file = new File([read(path)], basename(path), { type: "text/csv" });
  const found = await run(new Map([[input.id, await decode(input, [file])]]));
  const expected = JSON.parse(`${read(sample.expected)}`);
  expect(compareOutputs(config.outputs, expected, found as never)).toMatchObject([
    { passed: true },
  ]);
});

test("boxes and scores of two tensors become one output", async () => {
  const { run } = example("blazeface");
  const black = { shape: [40, 60, 3], data: new Uint8Array(40 * 60 * 3) };
  const [faces] = await run(new Map([["image", { array: black }]]));
  expect(faces).toMatchObject({ type: "bounding_boxes", prediction: [] });
});
