import { expect, test } from "vitest";
import { changesBetween } from "./changes.ts";

type State = Parameters<typeof changesBetween>[0];

const state = (weights: string, runtime: string, files: Record<string, string>) =>
  ({
    lock: { weights: { weights }, stack: { runtime } },
    record: { files: Object.entries(files).map(([path, sha256]) => ({ path, sha256, bytes: 1 })) },
  }) as unknown as State;

const first = state("a", "r", { "model.py": "1", "old.txt": "2", LICENSE: "3" });

test("versions that hold the same have no changes", () => {
  expect(changesBetween(first, first)).toEqual([]);
});

test("weights, runtime and each file that came, went or differs are told", () => {
  const next = state("b", "s", { "model.py": "9", LICENSE: "3", "new.txt": "4" });
  expect(changesBetween(first, next)).toEqual([
    "other weights",
    "another runtime",
    "model.py, new.txt, old.txt changed",
  ]);
});

test("many files are counted", () => {
  const files = Object.fromEntries([..."abcde"].map((name) => [name, "1"]));
  expect(changesBetween(first, state("a", "r", files))).toEqual(["8 files changed"]);
});
