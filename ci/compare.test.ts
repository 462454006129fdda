import { describe, expect, test } from "vitest";
import type { Output } from "#schema/config.ts";
import cases from "../engine-image/compare/cases.json" with { type: "json" };
import { brief } from "./compare/rule.ts";
import { compareOutputs } from "./compare.ts";

const vector: Output = { id: "y", type: "vector", tolerance: { rtol: 0, atol: 0 } };

describe("the engine's cases", () => {
  test.each(cases)(
    "$type: $title",
    ({ type, tolerance = {}, given, expected, passed, message }) => {
      const output = { id: "y", type, tolerance } as Output;
      const came = [{ name: "y", type: output.type, prediction: given }];
      expect(compareOutputs([output], { y: expected }, came)).toEqual([
        { output: "y", passed, message },
      ]);
    },
  );
});

test("a missing output fails", () => {
  expect(compareOutputs([vector], { y: [1] }, [])).toEqual([
    { output: "y", passed: false, message: "expected an output of type vector, got none" },
  ]);
});

test("an output of another type fails", () => {
  const came = [{ name: "y", type: "mask" as const, prediction: [1] }];
  const [difference] = compareOutputs([vector], { y: [1] }, came);
  expect(difference?.message).toBe("expected type vector, got mask");
});

test("a number is compared in the precision of the expected file", () => {
  const expected = { y: { shape: [1], data: Float32Array.of(0.1) } };
  const came = (prediction: unknown) => [{ name: "y", type: "vector" as const, prediction }];
  expect(compareOutputs([vector], expected, came([0.1]))[0]?.passed).toBe(true);
  expect(compareOutputs([vector], expected, came([0.10001]))[0]?.passed).toBe(false);
});

test.each([
  [0.1, "0.1"],
  [1 / 3, "0.333333"],
  [-123456.7, "-123457"],
  [1234567, "1.23457e+06"],
  [0.0001, "0.0001"],
  [0.00001234, "1.234e-05"],
  [0, "0"],
  [Number.POSITIVE_INFINITY, "inf"],
])("%d reads %s, as in Python", (number, text) => {
  expect(brief(number)).toBe(text);
});
