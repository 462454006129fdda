import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "#schema/config.ts";
import { folder, problems, weights } from "../e2e/contributed.ts";

describe("the folder", () => {
  test("keeps to the registry's limits", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`note-${index}.txt`, "x".repeat(4096)]),
    );
    const [total] = await problems({ resources: { memoryMB: 1024 } }, files);
    expect(total).toMatch(
      /^tiny -: at most 32,768 bytes \(32\.8 kB\) in all, weights apart \| 3\d,/,
    );
    expect((await problems({}, { "note-0.txt": "x".repeat(4097) }))[0]).toBe(
      "tiny/note-0.txt -: at most 4,096 bytes (4.1 kB) | 4,097 bytes (4.1 kB)",
    );
  });

  test("may hold weights that are larger than other files, up to their own limit", async () => {
    const large = {
      ...weights,
      sha256: "0".repeat(64),
      bytes: 1_048_577,
    } as Config["weights"][number];
    const found = await problems(
      { weights: [large] },
      { "weights/scale.txt": "x".repeat(1_048_577) },
    );
    expect(found.filter((text) => !text.includes("sha256"))).toEqual([
      "tiny/modelhub.json weights[0]: at most 1,048,576 bytes (1.05 MB) | 1,048,577 bytes (1.05 MB)",
    ]);
  });

  // The texts are put together here, so that no scanner takes this file for a leak.
  test.each([
    ["a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
    ["an AWS access key", `id = ${"AKIA"}${"ABCDEFGH".repeat(2)}`],
    ["a GitHub token", `${"ghp"}_${"a1".repeat(18)}`],
    ["a Hugging Face token", `${"hf"}_${"aB".repeat(17)}`],
    ["a PyPI token", `${"pypi"}-AgEI${"a1".repeat(30)}`],
  ])("holds no secret: %s", async (what, text) => {
    expect(await problems({}, { "setup.cfg": `# settings\n${text}\n` })).toEqual([
      `tiny/setup.cfg line 2: no secrets | ${what}`,
    ]);
  });

  test("is searched for secrets file by file, not by the links to them", async () => {
    symlinkSync("own.pem", join(folder, "again.pem"));
    symlinkSync("samples", join(folder, "more"));
    const key = `-----BEGIN RSA ${"PRIVATE"} KEY-----\n`;
    expect(await problems({}, { "own.pem": key })).toEqual([
      "tiny/own.pem line 1: no secrets | a private key",
    ]);
  });

  test.each([
    ["a class", "from modelhub import Model\n\nclass Tiny(Model):\n    def infer(self): ...\n"],
    ["two functions", "def load(context): ...\nasync def infer(model): ...\n"],
    ["imported functions", "from .tiny import load, infer\n"],
  ])("has an entrypoint of %s", async (_, text) => {
    expect(await problems({}, { "model.py": text })).toEqual([]);
  });

  test("misses infer in an entrypoint that only loads", async () => {
    expect(await problems({}, { "model.py": "def load(context): ...\n# def infer(\n" })).toEqual([
      "tiny/model.py -: a function infer | none",
    ]);
  });
});
