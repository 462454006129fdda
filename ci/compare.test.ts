import { describe, expect, test } from "vitest";
import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { compareOutputs } from "./compare.ts";

const labels: Output = { id: "labels", type: "label_list", tolerance: { atol: 0.02 } };
const vector: Output = { id: "vector", type: "vector", tolerance: { rtol: 0.01, atol: 0 } };

function labelList(...pairs: [string, number][]): Prediction {
  const prediction = pairs.map(([label, probability]) => ({ label, probability }));
  return { name: "labels", type: "label_list", shape: [pairs.length], prediction };
}

function numbers(...prediction: unknown[]): Prediction {
  return { name: "vector", type: "vector", shape: [prediction.length], prediction };
}

function messageOf(output: Output, expected: unknown, came: Prediction): string {
  const [difference] = compareOutputs([output], { [output.id]: expected }, [came]);
  expect(difference?.passed).toBe(difference?.message === "within its tolerance");
  return difference?.message ?? "";
}

const expected = [
  { label: "cat", probability: 0.7 },
  { label: "dog", probability: 0.2 },
];

describe("labels", () => {
  test("pass within the tolerance", () => {
    expect(messageOf(labels, expected, labelList(["cat", 0.71], ["dog", 0.19]))).toBe(
      "within its tolerance",
    );
  });
  test("fail when another label comes first", () => {
    expect(messageOf(labels, expected, labelList(["dog", 0.7], ["cat", 0.2]))).toBe(
      'expected "cat" first, got "dog"',
    );
  });
  test("fail when a probability lies too far off", () => {
    expect(messageOf(labels, expected, labelList(["cat", 0.75], ["dog", 0.2]))).toBe(
      'expected "cat" at 0.7 ± 0.0207, got 0.75',
    );
  });
  test("fail when an expected label is missing", () => {
    expect(messageOf(labels, expected, labelList(["cat", 0.7]))).toBe(
      'expected "dog" at 0.2, got no such label',
    );
  });
  test("fail when nothing came", () => {
    expect(messageOf(labels, expected, labelList())).toBe('expected "cat" first, got no label');
  });
});

describe("numbers", () => {
  test("pass within the relative tolerance", () => {
    expect(messageOf(vector, [1, 100], numbers(1.009, 99.1))).toBe("within its tolerance");
  });
  test("fail beyond it, and tell the worst", () => {
    expect(messageOf(vector, [1, 100], numbers(1.02, 102))).toBe(
      "2 of 2 numbers differ; the most at 1: expected 100 ± 1, got 102",
    );
  });
  test("fail when the shape differs", () => {
    expect(messageOf(vector, [[1, 2]], numbers(1, 2))).toBe("expected shape [1, 2], got [2]");
  });
  test("may differ in as many elements as declared", () => {
    const lenient: Output = {
      ...vector,
      tolerance: { rtol: 0.01, atol: 0, mismatchedPpm: 500_000 },
    };
    expect(messageOf(lenient, [1, 100], numbers(1, 200))).toBe("within its tolerance");
    expect(messageOf(lenient, [1, 100], numbers(2, 200))).toMatch("2 of 2 numbers differ");
  });
  test("fail when a number is none", () => {
    expect(messageOf(vector, [1, 2], numbers(1, null))).toMatch("1 of 2 numbers differ");
  });
});

test("a missing output fails", () => {
  const [difference] = compareOutputs([vector], { vector: [1] }, []);
  expect(difference).toEqual({
    output: "vector",
    passed: false,
    message: "expected an output of type vector, got none",
  });
});
