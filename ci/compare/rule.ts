import type { Output } from "#schema/config.ts";

export interface Verdict {
  passed: boolean;
  message: string;
}

/** A config's tolerance with its defaults. */
export interface Rule {
  rtol: number;
  atol: number;
  mismatchedPpm: number;
  top: number;
  dice: number | undefined;
  iou: number;
}

/** The rule that a config's tolerance makes; what it leaves out has the defaults that the schema tells. */
export function ruleOf(tolerance: Output["tolerance"] = {}): Rule {
  const { rtol = 0.001, atol = 0.001, mismatchedPpm = 0, top = 1, dice, iou = 0.9 } = tolerance;
  return { rtol, atol, mismatchedPpm, top, dice, iou };
}

export const pass = (message: string): Verdict => ({ passed: true, message });
export const fail = (message: string): Verdict => ({ passed: false, message });

/** A number v matches an expected number e when |v - e| <= atol + rtol * |e|, as in numpy's allclose. */
export function matches(given: number, expected: number, { atol, rtol }: Rule): boolean {
  return Math.abs(given - expected) <= atol + rtol * Math.abs(expected);
}

/** A number in few digits, written as Python's format `g` does. */
export function brief(number: number, digits = 6): string {
  if (!Number.isFinite(number)) return String(number).replace("Infinity", "inf").toLowerCase();
  const [mantissa = "", exponent = ""] = number.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < digits) return String(Number(number.toPrecision(digits)));
  const sign = power < 0 ? "-" : "+";
  return `${Number(mantissa)}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** The sentence on a number that doesn't match. */
export function differs(given: number, expected: number, rule: Rule): string {
  return `expected ${brief(expected)}, got ${brief(given)} ${apart(given, expected, rule)}`;
}

/** By how much two numbers differ, and by how much they may. */
export function apart(given: number, expected: number, { atol, rtol }: Rule): string {
  const off = brief(Math.abs(given - expected), 3);
  return `(differs by ${off}; atol ${brief(atol)}, rtol ${brief(rtol)})`;
}

/** A count of things that all match. */
export const all = (count: number) => `${count} of ${count}`;
