import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkAll } from "#ci/commands/check.ts";
import { root } from "#ci/home.ts";
import { adopt } from "./adopt.ts";

const original = join(root, "engine-image", "conformance", "models", "original");
const silent = () => {};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-adopt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("an old repository gets a config and a runtime, and only its author's answers are missing", async () => {
  const source = join(folder, "contrib_src");
  cpSync(original, folder, { recursive: true });
  // What the first engine's own test model has of no real one.
  rmSync(join(source, "sample_data", "testimage_ramp_4x2.jpg"));
  renameSync(join(source, "model", "model.txt"), join(source, "model", "model.onnx"));
  const old = join(source, "model", "config.json");
  writeFileSync(old, readFileSync(old, "utf8").replace("1111", "2018"));
  const before = readFileSync(join(source, "inference.py"), "utf8");

  expect(await adopt(folder, silent)).toEqual([
    join(source, "modelhub.json"),
    join(source, "runtime"),
  ]);

  const { problems } = await checkAll({ names: [source] });
  const keys = problems.map(({ key }) => key?.replace(/\[\d+\]/, ""));
  expect(new Set(keys)).toEqual(new Set(["licenses", "samples.expected"]));
  expect(readFileSync(join(source, "inference.py"), "utf8")).toBe(before);
  await expect(adopt(folder, silent)).rejects.toThrow("expected no config of today yet");
});

test("a folder that is no old repository is left alone", async () => {
  mkdirSync(join(folder, "model"));
  await expect(adopt(folder, silent)).rejects.toThrow("contrib_src/model/config.json, got none");
  expect(existsSync(join(folder, "runtime"))).toBe(false);
});
