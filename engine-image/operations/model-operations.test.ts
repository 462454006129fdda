import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { NumberArray } from "./array.ts";
import {
  type ConfigInput,
  type ConfigOutput,
  inputChain,
  outputChain,
} from "./model-operations.ts";
import type { Item } from "./step.ts";

interface Model {
  inputs: [ConfigInput];
  outputs: [ConfigOutput];
}

/** Config of a model that the Python tests run. */
function model(name: string): Model {
  const file = new URL(`../python/tests/models/${name}/modelhub.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Model;
}

/** A picture [y, x, channel], by the colour of each pixel. */
function picture(
  height: number,
  width: number,
  of: (y: number, x: number) => number[],
): NumberArray {
  const pixels = Array.from({ length: height * width }, (_, place) =>
    of(Math.floor(place / width), place % width),
  );
  return { data: Uint8Array.from(pixels.flat()), shape: [height, width, 3] };
}

const read = () => "red\ngreen\nblue\n";

test("a picture gets the shape and the values that the network takes", () => {
  const { inputs } = model("no-code-labels");
  const { value } = inputChain(inputs[0]).run(picture(30, 50, () => [255, 0, 51]));
  const { data, shape } = value as NumberArray;
  expect(shape).toEqual([1, 3, 8, 8]);
  expect([data[0], data[64], data[128]]).toEqual([1, 0, Math.fround(0.2)]);
});

test("scores become labels with their names", () => {
  const { inputs, outputs } = model("no-code-labels");
  const scores = { data: Float32Array.of(0, 3, 1), shape: [1, 3] };
  const { value } = outputChain(outputs[0], inputs, read).run(scores);
  expect((value as Item[]).map(({ label }) => label)).toEqual(["green", "blue"]);
});

test("a mask lies on the grid of the input, in the output's axes and dtype", () => {
  const { inputs, outputs } = model("no-code-mask");
  const isRed = (y: number, x: number) => y < 16 && x < 24;
  const image = picture(32, 48, (y, x) => (isRed(y, x) ? [255, 0, 0] : [0, 0, 0]));
  const { value, placement } = inputChain(inputs[0]).run(image);
  // What the network does: a score of 0.5 for background, of its red and its green for the others.
  const colours = (value as NumberArray).data.subarray(0, 512) as Float32Array;
  const data = Float32Array.from([...new Float32Array(256).fill(0.5), ...colours]);
  const chain = outputChain(outputs[0], inputs, read);
  const mask = chain.run({ data, shape: [1, 3, 16, 16] }, { image: placement })
    .value as NumberArray;
  expect(mask.shape).toEqual([32, 48]);
  expect(mask.data).toEqual(
    Uint8Array.from({ length: 32 * 48 }, (_, place) => +isRed(Math.floor(place / 48), place % 48)),
  );
});

test("a batch axis must be called batch where there are operations", () => {
  const axes = [{ name: "n", type: "batch" } as const];
  expect(() => inputChain({ id: "x", axes, preprocessing: [{ id: "sigmoid" }] })).toThrow(
    "needs the batch axis to be named batch; it is named n",
  );
});
