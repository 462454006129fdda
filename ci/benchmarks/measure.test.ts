import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tar from "tar";
import { afterAll, describe, expect, test } from "vitest";
import { type Batch, findBenchmark, measure } from "../commands/benchmark.ts";
import { sha256File } from "../files.ts";
import { root } from "../home.ts";
import { workspace } from "../workspace.ts";
import { unpackData } from "./data.ts";
import type { RegisteredBenchmark } from "./read.ts";

const temporary = mkdtempSync(join(tmpdir(), "modelhub-measure-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const digits = findBenchmark("digits", workspace({ registry: join(root, "registry") }));

/** A model that says the same of every file, in order, likeliest first. */
const sayingOf =
  (labels: string[], skip: string[] = []): Batch =>
  async (files, out) => {
    const names = readFileSync(join(files, "labels.csv"), "utf8").trimEnd().split("\n").slice(1);
    const rows = names.map((line) => {
      const [input = ""] = line.split(",");
      if (skip.includes(input)) return { input, outputs: [], error: { title: "bad file" } };
      const prediction = labels.map((label) => ({ label, probability: 1 / labels.length }));
      const output = [{ name: "d", type: "label_list", shape: [labels.length], prediction }];
      writeFileSync(join(out, `${input}.json`), JSON.stringify({ output }));
      return { input, outputs: [`${input}.json`], error: null };
    });
    writeFileSync(join(out, "results.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  };

/** The digits' benchmark over an archive of one's own. */
async function benchmarkOf(rows: string): Promise<RegisteredBenchmark> {
  writeFileSync(join(temporary, "labels.csv"), rows);
  const file = join(temporary, "data.tar");
  await tar.create({ cwd: temporary, file }, ["labels.csv"]);
  const data = { path: "data.tar", sha256: await sha256File(file) };
  const metrics = [
    { name: "top-1", measure: "top-1 accuracy" },
    { name: "top-5", measure: "top-5 accuracy" },
    { name: "claims alone" },
  ] as const;
  return {
    ...digits,
    folder: temporary,
    benchmark: { ...digits.benchmark, metrics: [...metrics], data },
  };
}

describe("measuring", () => {
  test("counts the files whose first label, and whose first five, are right", async () => {
    const benchmark = await benchmarkOf("file,label\na.png,cat\nb.png,dog, small\nc.png,owl\n");
    const { items, metrics } = await measure(
      benchmark,
      sayingOf(["cat", "1", "2", "3", "dog, small", "owl"]),
    );
    expect(items).toBe(3);
    expect(metrics.map(({ name, correct }) => [name, correct])).toEqual([
      ["top-1", 1],
      ["top-5", 2],
    ]);
  });

  test("takes the registry's own archive as it is pinned", async () => {
    const { items, metrics } = await measure(digits, sayingOf(["0"]));
    expect(items).toBe(360);
    expect(metrics[0]?.correct).toBe(35);
  });

  test("refuses a figure over fewer files than there are", async () => {
    const benchmark = await benchmarkOf("file,label\na.png,cat\nb.png,dog\n");
    await expect(measure(benchmark, sayingOf(["cat"], ["b.png"]))).rejects.toThrow(
      "expected a label list for each of 2 files, got none for 1 of them, such as b.png",
    );
  });

  test("leaves links in the archive where they are", async () => {
    const benchmark = await benchmarkOf("file,label\na.png,cat\n");
    const file = join(temporary, "data.tar");
    symlinkSync("/etc/passwd", join(temporary, "b.png"));
    await tar.create({ cwd: temporary, file }, ["labels.csv", "b.png"]);
    const data = { path: "data.tar", sha256: await sha256File(file) };
    const files = mkdtempSync(join(temporary, "files-"));
    await unpackData({ ...benchmark, benchmark: { ...benchmark.benchmark, data } }, files);
    expect(readdirSync(files)).toEqual(["labels.csv"]);
  });

  test("refuses another archive than the pinned one", async () => {
    const benchmark = await benchmarkOf("file,label\na.png,cat\n");
    const other = join(temporary, "other.tar");
    writeFileSync(other, "not it");
    await expect(measure(benchmark, sayingOf(["cat"]), other)).rejects.toThrow(/expected SHA-256/);
  });

  test("refuses an archive without labels, and a benchmark without data", async () => {
    const benchmark = await benchmarkOf("name,class\na.png,cat\n");
    await expect(measure(benchmark, sayingOf(["cat"]))).rejects.toThrow("columns file,label");
    const { data: _, ...claims } = digits.benchmark;
    await expect(measure({ ...digits, benchmark: claims }, sayingOf(["0"]))).rejects.toThrow(
      "expected labelled data to measure with, got nothing",
    );
  });
});
