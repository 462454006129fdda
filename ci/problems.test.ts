import { describe, expect, test } from "vitest";
import { ContributionError, exitCodeOf, OursError, RetryError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import {
  countProblems,
  exactBytes,
  formatBytes,
  formatProblems,
  type Problem,
  quote,
  sortProblems,
} from "./problems.ts";

const branch: Problem = {
  file: "registry/models/squeeze-net/1.0.0/source.json",
  key: "revision",
  expected: "a full commit SHA (40 hex digits)",
  got: '"main"',
  hint: "`git rev-parse main` in your repository prints it",
};

describe("problems", () => {
  test("say where, what was expected, what came, and what to do", () => {
    expect(formatProblems([branch])).toBe(
      [
        "registry/models/squeeze-net/1.0.0/source.json",
        '  revision: expected a full commit SHA (40 hex digits), got "main"',
        "  hint: `git rev-parse main` in your repository prints it",
      ].join("\n"),
    );
  });

  test("come by file, once each, lines in their order", () => {
    const at = (file: string, key?: string): Problem => ({ file, key, expected: "x" });
    const list = [at("b", "line 10"), at("b", "line 9"), at("a", "z"), at("a", "y"), at("a", "z")];
    expect(sortProblems(list).map(({ file, key }) => `${file} ${key}`)).toEqual([
      "a z",
      "a y",
      "b line 9",
      "b line 10",
    ]);
    expect(formatProblems(list)).toContain("  y: expected x\n\nb\n  line 9");
    expect(countProblems(sortProblems(list))).toBe("4 problems in 2 files");
    expect(countProblems([branch])).toBe("1 problem in 1 file");
  });

  test("show nothing that moves the cursor or forges a line", () => {
    const text = formatProblems([
      { file: "a\u001b[2J", key: "b\nc", expected: "d\u202e", got: quote("e\u009b\n"), hint: "\r" },
    ]);
    expect(text).toBe(
      '\'a\\u{1b}[2J\n  b\\u{a}c: expected d\\u{202e}, got "e\\u{9b}\\n"\n  hint: \\u{d}'.slice(1),
    );
  });

  test("give a log lines of its own, which no problem could be taken for", () => {
    const log = "Traceback:\n  hint: none\u001b[2J";
    expect(formatProblems([{ file: "model.py", expected: "an answer", got: log }])).toBe(
      "model.py\n  expected an answer, got\n      Traceback:\n        hint: none\\u{1b}[2J",
    );
  });

  test("are the message of a ContributionError, which exits with 1", () => {
    const error = new ContributionError(branch);
    expect(error.message).toBe(formatProblems([branch]));
    expect(
      [error, new OursError("x"), new RetryError("x"), new TypeError("x")].map(exitCodeOf),
    ).toEqual([1, 2, 75, 2]);
    expect(error.name).toBe("ContributionError");
  });
});

test.each([
  ["licence", ["license", "title"], "license"],
  ["licence", ["licenses"], "licenses"],
  ["Path", ["path", "paths"], "path"],
  ["repo", ["title", "repository"], "repository"],
  ["re", ["repository"], undefined],
  ["x", ["y"], "y"],
  ["color", [], undefined],
])("who writes %s among %j most likely means %s", (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});

test("sizes are short, and exact where a byte may matter", () => {
  expect([0, 1, 999, 1000, 18_826_123, 4_294_967_296].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1 kB",
    "18.8 MB",
    "4.29 GB",
  ]);
  expect(exactBytes(10_485_761)).toBe("10,485,761 bytes (10.5 MB)");
});
