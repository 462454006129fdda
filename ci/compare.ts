import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";

export interface Difference {
  output: string;
  passed: boolean;
  /** What was expected, what came, and by how much it differs. */
  message: string;
}

interface Label {
  label: string;
  probability: number;
}

/**
 * Compares what a model gave with what the author expects, output by output.
 * A number v matches e when |v - e| <= atol + rtol * |e|, as in numpy's allclose;
 * mismatchedPpm of them may lie further off. A label_list must also begin with the expected labels.
 */
export function compareOutputs(
  outputs: readonly Output[],
  expected: Readonly<Record<string, unknown>>,
  came: readonly Prediction[],
): Difference[] {
  return outputs.map((output) => {
    const prediction = came.find(({ name }) => name === output.id);
    const problem = prediction
      ? mismatch(output, expected[output.id], prediction)
      : `expected an output of type ${output.type}, got none`;
    return { output: output.id, passed: !problem, message: problem ?? "within its tolerance" };
  });
}

function mismatch(
  output: Output,
  expected: unknown,
  { type, prediction }: Prediction,
): string | undefined {
  if (type !== output.type) return `expected type ${output.type}, got ${type}`;
  return output.type === "label_list"
    ? labelMismatch(output, expected as Label[], prediction as Label[])
    : numberMismatch(output, expected, prediction);
}

function labelMismatch(
  { tolerance = {} }: Output,
  expected: Label[],
  came: Label[],
): string | undefined {
  const { top = 1 } = tolerance;
  const wanted = expected.slice(0, top).map(({ label }) => label);
  const got = came.slice(0, top).map(({ label }) => label);
  if (wanted.join("\n") !== got.join("\n")) {
    return `expected ${quoted(wanted)} first, got ${quoted(got)}`;
  }
  for (const { label, probability } of expected) {
    const found = came.find((candidate) => candidate.label === label);
    if (!found) {
      // A label that the model no longer lists counts as 0: at the end of a list neighbours may swap.
      if (!matches(0, probability, tolerance))
        return `expected "${label}" at ${probability}, got no such label`;
    } else if (!matches(found.probability, probability, tolerance)) {
      return `expected "${label}" at ${probability} ± ${allowance(probability, tolerance)}, got ${found.probability}`;
    }
  }
  return undefined;
}

function numberMismatch(
  { tolerance = {} }: Output,
  expected: unknown,
  came: unknown,
): string | undefined {
  const shapes = [shapeOf(expected), shapeOf(came)].map((shape) => `[${shape.join(", ")}]`);
  if (shapes[0] !== shapes[1]) return `expected shape ${shapes[0]}, got ${shapes[1]}`;
  const wanted = [expected].flat(Number.POSITIVE_INFINITY) as number[];
  const got = [came].flat(Number.POSITIVE_INFINITY) as number[];
  const off = wanted
    .map((e, i) => ({ e, v: got[i] as number, i }))
    .filter(({ e, v }) => !matches(v, e, tolerance));
  if (off.length * 1e6 <= (tolerance.mismatchedPpm ?? 0) * wanted.length) return undefined;
  const worst = off.reduce((a, b) => (Math.abs(a.v - a.e) >= Math.abs(b.v - b.e) ? a : b));
  return `${off.length} of ${wanted.length} numbers differ; the most at ${worst.i}: expected ${worst.e} ± ${allowance(worst.e, tolerance)}, got ${worst.v}`;
}

type Bounds = NonNullable<Output["tolerance"]>;

function matches(v: number, e: number, tolerance: Bounds): boolean {
  return typeof v === "number" && Math.abs(v - e) <= allowance(e, tolerance);
}

function allowance(e: number, { rtol = 0.001, atol = 0.001 }: Bounds): number {
  return Number((atol + rtol * Math.abs(e)).toPrecision(6));
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

function quoted(labels: string[]): string {
  return labels.map((label) => `"${label}"`).join(", ") || "no label";
}
