import { expect, it } from "vitest";
import type { Input } from "#schema/config.ts";
import { misfit, packElements } from "./tensors.ts";

it.each([
  ["INT8", [-128, 127], undefined],
  ["INT8", [128], "its data holds a value that is no INT8"],
  ["UINT8", [-1], "its data holds a value that is no UINT8"],
  ["INT32", [0.5], "its data holds a value that is no INT32"],
  ["INT64", [2 ** 63], "its data holds a value that is no INT64"],
  ["BOOL", [true, 0], undefined],
  ["BOOL", [2], "its data holds a value that is no BOOL"],
] as const)("%s takes %j: %s", (datatype, values, sentence) => {
  const packed = packElements([...values], datatype, [values.length]);
  expect(typeof packed === "string" ? packed : undefined).toBe(sentence);
});

it.each([
  [[1, 16], undefined],
  [[1, 20], "has 20 along x, and the model takes 8 to 32 in steps of 8"],
  [[1, 40], "has 40 along x, and the model takes 8 to 32 in steps of 8"],
  [[2, 16], "has 2 along y, and the model takes 1"],
  [[16], "has 1 axes, and the model takes 2 (y, x)"],
])("a tensor of shape %j: %s", (shape, sentence) => {
  const axes = [
    { name: "y", type: "space", size: 1 },
    { name: "x", type: "space", size: { min: 8, max: 32, step: 8 } },
  ];
  expect(misfit({ axes } as unknown as Input, shape)).toBe(sentence);
});
