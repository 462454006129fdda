import type { NumberArray } from "#viewers/array.ts";
import { brief, differs, fail, matches, pass, type Rule, type Verdict } from "./rule.ts";

/** Compares two arrays of numbers; either may be nested lists. */
export function compareNumbers(given: unknown, expected: unknown, rule: Rule): Verdict {
  const [want, have] = [toArray(expected), toArray(given)];
  const other = otherShape(want, have);
  if (other) return other;
  // JSON has a float32 in fewer digits than a file has.
  const round = want.data instanceof Float32Array ? Math.fround : (number: number) => number;
  let count = 0;
  let worst = 0;
  let most = -1;
  for (let at = 0; at < want.data.length; at += 1) {
    const [e, v] = [want.data[at] as number, round(have.data[at] as number)];
    if (matches(v, e, rule)) continue;
    count += 1;
    if (Math.abs(v - e) > most) [worst, most] = [at, Math.abs(v - e)];
  }
  const size = want.data.length;
  if (isFew(count, size, rule)) return pass(`${size - count} of ${size} numbers within tolerance`);
  const off = differs(have.data[worst] as number, want.data[worst] as number, rule);
  return fail(`${count} of ${size} numbers differ; the most at ${place(worst, want)}: ${off}`);
}

/** Compares two masks: element by element, or by the overlap of each label where `dice` is set. */
export function compareMasks(given: unknown, expected: unknown, rule: Rule): Verdict {
  const [want, have] = [toArray(expected), toArray(given)];
  const other = otherShape(want, have);
  if (other) return other;
  return rule.dice === undefined ? exact(have, want, rule) : byLabel(have, want, rule.dice);
}

function exact(have: NumberArray, want: NumberArray, rule: Rule): Verdict {
  const size = want.data.length;
  let count = 0;
  let first = -1;
  for (let at = 0; at < size; at += 1) {
    if (have.data[at] === want.data[at]) continue;
    count += 1;
    if (first < 0) first = at;
  }
  if (isFew(count, size, rule)) return pass(`${size - count} of ${size} elements equal`);
  const [e, v] = [want.data[first] as number, have.data[first] as number];
  return fail(
    `${count} of ${size} elements differ; the first at ${place(first, want)}: expected ${brief(e)}, got ${brief(v)}`,
  );
}

/** A label's Dice coefficient: twice what both masks share of it, over the sum of both. */
function byLabel(have: NumberArray, want: NumberArray, least: number): Verdict {
  const counts = new Map<number, { shared: number; both: number }>();
  const countsOf = (label: number) => {
    const known = counts.get(label) ?? { shared: 0, both: 0 };
    counts.set(label, known);
    return known;
  };
  for (let at = 0; at < want.data.length; at += 1) {
    const [e, v] = [want.data[at] as number, have.data[at] as number];
    countsOf(e).both += 1;
    countsOf(v).both += 1;
    if (e === v) countsOf(e).shared += 1;
  }
  counts.delete(0);
  const found = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, { shared, both }]) => ({ label, dice: (2 * shared) / both }));
  const low = found.find(({ dice }) => dice < least);
  if (low)
    return fail(
      `label ${brief(low.label)}: expected a Dice coefficient of ${brief(least)} or more, got ${brief(low.dice)}`,
    );
  const words = found.map(
    ({ label, dice }) => `label ${brief(label)}: Dice coefficient ${brief(dice)}`,
  );
  return pass(words.join("; ") || "no labels in either");
}

/** Nested lists as an array. Throws TypeError where they hold anything but numbers, or are ragged. */
function toArray(value: unknown): NumberArray {
  if (isNumberArray(value)) return value;
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  const data: number[] = [];
  const walk = (inner: unknown, depth: number): void => {
    if (depth === shape.length) data.push(toNumber(inner));
    else if (Array.isArray(inner) && inner.length === shape[depth])
      for (const item of inner) walk(item, depth + 1);
    else throw new TypeError("lists of different lengths");
  };
  walk(value, 0);
  return { shape, data };
}

function isNumberArray(value: unknown): value is NumberArray {
  return typeof value === "object" && value !== null && "shape" in value && "data" in value;
}

function toNumber(value: unknown): number {
  if (typeof value !== "number" && typeof value !== "boolean") throw new TypeError("no number");
  return Number(value);
}

function isFew(count: number, size: number, { mismatchedPpm }: Rule): boolean {
  return count * 1_000_000 <= mismatchedPpm * size;
}

function otherShape(want: NumberArray, have: NumberArray): Verdict | undefined {
  const [expected, got] = [want, have].map(({ shape }) => shape.join(" × ") || "a single number");
  return expected === got ? undefined : fail(`expected shape ${expected}, got ${got}`);
}

/** A place in an array for people: [1, 2]. */
function place(at: number, { shape }: NumberArray): string {
  let rest = at;
  const indices = shape.toReversed().map((size) => {
    const index = rest % size;
    rest = Math.floor(rest / size);
    return index;
  });
  return `[${indices.toReversed().join(", ")}]`;
}
