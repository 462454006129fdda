import { expect, test } from "vitest";
import minimal from "#schema/fixtures/lock/valid/no-weights.json" with { type: "json" };
import { Lock } from "#schema/lock.ts";
import { rebuildProblems } from "./rebuild.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const image = (digit: string) => ({ name: "", tag: "", digest: digest(digit), seconds: 0 });
const lock = Lock.parse({
  ...minimal,
  image: { ...minimal.image, digest: digest("4") },
  stack: { base: digest("1"), runtime: digest("2"), engine: digest("3") },
  variants: {
    cuda: { digest: digest("7"), platforms: {}, runtime: digest("5"), engine: digest("6") },
  },
});
const [base, runtime] = [image("1"), image("2")];
const whole = { base, runtime, engine: image("3"), deployment: image("4") };
const cuda = { base, runtime: image("5"), engine: image("6"), deployment: image("7") };

test("a build that gives the locked images, variants too, is as it should be", () => {
  expect(rebuildProblems(lock, "lock.json", whole, { cuda })).toEqual([]);
});

test.each([
  ["stack.base", { ...whole, base: image("a"), runtime: image("b") }, cuda, "1"],
  ["image.digest", { ...whole, deployment: image("a") }, cuda, "4"],
  ["variants.cuda.runtime", whole, { ...cuda, runtime: image("a"), deployment: image("b") }, "5"],
  ["variants.cuda.engine", whole, { ...cuda, engine: image("a") }, "6"],
  ["variants.cuda.digest", whole, { ...cuda, deployment: image("a") }, "7"],
] as const)("the lowest image that differs is told, here %s", (key, built, variant, got) => {
  expect(rebuildProblems(lock, "lock.json", built, { cuda: variant })).toEqual([
    {
      file: "lock.json",
      key,
      expected: `${digest("a")}, as a build gives it`,
      got: digest(got),
    },
  ]);
});

test("a variant that is not locked, or that no build gives, is told", () => {
  const { variants: _, ...without } = lock;
  const keys = (...[of, built]: [Lock, object]) =>
    rebuildProblems(of, "lock.json", whole, built).map(({ key, expected, got = "" }) => [
      key,
      expected.slice(0, 7),
      got.slice(0, 7),
    ]);
  expect(keys(without, { cuda })).toEqual([["variants.cuda.runtime", "sha256:", "nothing"]]);
  expect(keys(lock, {})).toEqual([["variants.cuda.runtime", "nothing", "sha256:"]]);
});
