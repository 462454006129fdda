import { expect, test } from "vitest";
import type { Record as ModelRecord } from "#schema/record.ts";
import { longestHistory } from "#schema/tests.ts";
import { earlierThan, newestFirst, testsIn } from "./history.ts";

const digest = (of: string) => `sha256:${of.repeat(64)}`;
const report = (more: Partial<ModelRecord["reports"][number]> = {}) => ({
  platform: "linux/amd64" as const,
  emulated: false,
  passed: true,
  startSeconds: 1,
  predictSeconds: 0.1,
  peakMemoryBytes: 1,
  samples: [],
  ...more,
});
const record = (image: string, reports = [report()], more: Partial<ModelRecord> = {}) =>
  ({ engineVersion: "0.1.0", image: { digest: digest(image) }, reports, ...more }) as ModelRecord;

test("a line has all of a report but the samples, with image and engine", () => {
  const { samples: _, ...measured } = report({ tested: "2026-01-31" });
  expect(testsIn(record("1", [report({ tested: "2026-01-31" })]))).toEqual([
    { image: digest("1"), engineVersion: "0.1.0", ...measured },
  ]);
});

test("a variant's tests are those of its own image", () => {
  const cuda = { image: { digest: digest("2"), platforms: {} }, reports: [report()] };
  expect(testsIn(record("1", [], { variants: { cuda } }))).toMatchObject([
    { image: digest("2"), variant: "cuda" },
  ]);
});

test("each record hands on what the one before knew, and its tests", () => {
  const first = record("1", [report({ tested: "2026-01-31" })]);
  const second = record("2", [report({ tested: "2026-02-28" })]);
  const third = record("3", [report({ tested: "2026-03-31" })]);
  const known = { ...second, earlier: earlierThan(second, first) };
  expect(earlierThan(third, known).map(({ image, tested }) => [image, tested])).toEqual([
    [digest("2"), "2026-02-28"],
    [digest("1"), "2026-01-31"],
  ]);
  expect(earlierThan(first, undefined)).toEqual([]);
});

test("published once more, a test is not earlier than itself", () => {
  const now = record("1", [report({ tested: "2026-01-31" })]);
  const onGpu = report({ tested: "2026-02-01", gpu: "NVIDIA H100" });
  const more = { ...now, reports: [...now.reports, onGpu] };
  expect(earlierThan(more, now)).toEqual([]);
  expect(earlierThan(now, more)).toMatchObject([{ gpu: "NVIDIA H100" }]);
});

test("the oldest are forgotten, first those without a day", () => {
  const days = Array.from({ length: longestHistory }, (_, day) => `2026-01-${day + 10}`);
  const tests = [undefined, ...days].flatMap((tested) =>
    testsIn(record("1", [report(tested ? { tested } : {})])),
  );
  expect(newestFirst(tests).map(({ tested }) => tested)).toEqual(days.toReversed());
});
