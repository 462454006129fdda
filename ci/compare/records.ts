import {
  all,
  apart,
  brief,
  differs,
  fail,
  matches,
  pass,
  type Rule,
  type Verdict,
} from "./rule.ts";

interface Label {
  label: string;
  probability: number;
}

interface Box {
  label: string;
  score: number;
  box: readonly [number, number, number, number];
}

interface Table {
  columns: readonly string[];
  rows: readonly unknown[][];
}

/** The first `top` labels come in the expected order, and each expected label's probability matches. */
export function compareLabels(
  given: readonly Label[],
  expected: readonly Label[],
  rule: Rule,
): Verdict {
  if (expected.length === 0 || expected.some(({ label }) => typeof label !== "string"))
    throw new TypeError("no labels");
  const want = expected.slice(0, rule.top).map(({ label }) => label);
  const have = given.slice(0, want.length).map(({ label }) => label);
  if (want.join("\n") !== have.join("\n"))
    return fail(`expected ${want.join(", ")} first, got ${have.join(", ") || "nothing"}`);
  for (const { label, probability } of expected) {
    const found = given.find((candidate) => candidate.label === label);
    // A label that the model no longer lists counts as 0: at the end of a list neighbours may swap.
    const value = found?.probability ?? 0;
    if (matches(value, probability, rule)) continue;
    const got = found ? brief(value) : "no such label";
    const off = apart(value, probability, rule);
    return fail(`expected ${label} at ${brief(probability)}, got ${got} ${off}`);
  }
  return pass(`${want.join(", ")} first, ${expected.length} probabilities within tolerance`);
}

/** Each expected box takes the one of its own label that overlaps it most. */
export function compareBoxes(given: readonly Box[], expected: readonly Box[], rule: Rule): Verdict {
  if (given.length !== expected.length)
    return fail(`number of boxes: expected ${expected.length}, got ${given.length}`);
  const left = [...given];
  for (const { label, score, box } of expected) {
    const overlaps = left.map((one) => (one.label === label ? overlap(one.box, box) : 0));
    const best = overlaps.indexOf(Math.max(...overlaps));
    const where = `${label} at [${box.map((value) => brief(value)).join(", ")}]`;
    const found = overlaps[best] ?? 0;
    if (!(found >= Math.max(rule.iou, 1e-9)))
      return fail(
        `expected ${where} with an overlap of ${brief(rule.iou)} or more, got ${brief(found)}`,
      );
    const [taken] = left.splice(best, 1) as [Box];
    if (!matches(taken.score, score, rule))
      return fail(`score of ${where}: ${differs(taken.score, score, rule)}`);
  }
  return pass(`${all(expected.length)} boxes within tolerance`);
}

/** The area that two boxes share, over that of both together. */
function overlap(one: Box["box"], other: Box["box"]): number {
  const width = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const height = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  const area = ([xmin, ymin, xmax, ymax]: Box["box"]) => (xmax - xmin) * (ymax - ymin);
  const both = area(one) + area(other) - shared;
  // Two boxes without area, as of a line, overlap where they are the same.
  return both > 0 ? shared / both : Number(one.join() === other.join());
}

/** Compares two texts, which have to be the same. */
export function compareTexts(given: unknown, expected: unknown): Verdict {
  if (typeof expected !== "string") throw new TypeError("no text");
  if (given === expected) return pass("the same text");
  return fail(`expected ${shown(expected)}, got ${shown(given)}`);
}

/** Compares two tables, cell by cell. */
export function compareTables(given: Table, expected: Table, rule: Rule): Verdict {
  const [want, have] = [expected.columns, given.columns];
  if (want.join("\n") !== have.join("\n"))
    return fail(`expected the columns ${want.join(", ")}, got ${have.join(", ")}`);
  if (given.rows.length !== expected.rows.length)
    return fail(`number of rows: expected ${expected.rows.length}, got ${given.rows.length}`);
  for (const [number, row] of expected.rows.entries()) {
    for (const [column, name] of want.entries()) {
      const wrong = firstDifference(given.rows[number]?.[column], row[column], rule, "");
      if (wrong) return fail(`row ${number}, ${name}${wrong}`);
    }
  }
  return pass(`${all(want.length * expected.rows.length)} cells within tolerance`);
}

/** Compares two JSON values: equal but for numbers, which match. */
export function compareCustom(given: unknown, expected: unknown, rule: Rule): Verdict {
  const wrong = firstDifference(given, expected, rule, "$");
  return wrong === undefined ? pass("equal within tolerance") : fail(wrong);
}

/** The sentence on the first place where two JSON values differ; nothing where none does. */
function firstDifference(
  given: unknown,
  expected: unknown,
  rule: Rule,
  path: string,
): string | undefined {
  if (typeof given === "number" && typeof expected === "number")
    return matches(given, expected, rule)
      ? undefined
      : `${path}: ${differs(given, expected, rule)}`;
  const parts = partsOf(given, expected);
  if (!parts)
    return given === expected
      ? undefined
      : `${path}: expected ${shown(expected)}, got ${shown(given)}`;
  for (const [key, have, want] of parts) {
    const wrong = firstDifference(have, want, rule, `${path}${key}`);
    if (wrong) return wrong;
  }
  return undefined;
}

/** What two lists of one length, or two objects with the same keys, hold side by side. */
function partsOf(given: unknown, expected: unknown): [string, unknown, unknown][] | undefined {
  if (Array.isArray(given) && Array.isArray(expected)) {
    if (given.length !== expected.length) return undefined;
    return expected.map((want, at) => [`[${at}]`, given[at], want]);
  }
  if (!isObject(given) || !isObject(expected)) return undefined;
  const keys = Object.keys(expected);
  const isSame =
    keys.length === Object.keys(given).length && keys.every((key) => Object.hasOwn(given, key));
  return isSame ? keys.map((key) => [`.${key}`, given[key], expected[key]]) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON value for people, a long one by its kind. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return `an object with ${Object.keys(value).join(", ") || "no keys"}`;
  if (typeof value === "number") return brief(value);
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
