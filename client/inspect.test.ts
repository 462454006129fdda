import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readContribution } from "#ci/contribution.ts";
import { root } from "#ci/home.ts";
import { describeInspected, inspect } from "./inspect.ts";

const template = join(root, "contrib-template");
const folder = mkdtempSync(join(tmpdir(), "modelhub-inspect-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the template's weights are told as its config has them, with the network's tensors", async () => {
  const [declared] = readContribution(template).parts.weights ?? [];
  const inspected = await inspect(join(template, declared?.path ?? ""));
  expect(declared).toMatchObject(inspected.weights);
  expect(describeInspected(inspected).split("\n")).toEqual([
    "format: onnx",
    `sha256: ${declared?.sha256}`,
    "bytes: 2793",
    "parameters: 650",
    "input ink: float32 [1, 64]",
    "output probabilities: float32 [1, 10]",
  ]);
});

test("of a file that can't be read, hash and size are told, and why there is no more", async () => {
  const file = join(folder, "weights.onnx");
  writeFileSync(file, "no network");
  const lines = describeInspected(await inspect(file)).split("\n");
  expect(lines[2]).toBe("bytes: 10");
  expect(lines.at(-1)).toMatch(/^network: .+\.$/);
});

test("of numpy's arrays, hash and size are all that there is to tell", async () => {
  const file = join(folder, "weights.npz");
  writeFileSync(file, "arrays");
  expect(
    describeInspected(await inspect(file))
      .split("\n")
      .slice(2),
  ).toEqual([
    "bytes: 6",
    "network: none is read out of a file that ends in .npz; the config needs none",
  ]);
});

test("a path without a file is refused", async () => {
  await expect(inspect(join(folder, "none.onnx"))).rejects.toThrow("weights, got nothing");
  await expect(inspect(folder)).rejects.toThrow("weights, got a folder");
});
