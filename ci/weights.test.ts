import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Weights } from "#schema/config.ts";
import { sha256 } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-weights-"));
// An empty home, so that every file is really fetched.
process.env["MODELHUB_HOME"] = join(folder, "home");
const { fetchWeights, weightsFileName } = await import("./weights.ts");

function weights(fields: Partial<Weights>): Weights {
  return { id: "net", format: "other", sha256: "0".repeat(64), ...fields };
}

test("a file of a Python package is had by its package URL", async () => {
  const six = weights({
    source: "pkg:pypi/six@1.16.0#six.py",
    sha256: "4ce39f422ee71467ccac8bed76beb05f8c321c7f0ceda9279ae2dfa3670106b3",
  });
  expect(await fetchWeights(six, { folder })).toMatchObject({ bytes: 34549, sha256: six.sha256 });
});

test("a file of an npm package is had by its package URL", async () => {
  const file = weights({
    source: "pkg:npm/is-number@7.0.0#index.js",
    sha256: "04255e482e181687823a95b207802ddd32e746c65dce4c95a5176fc192735960",
  });
  const fetched = await fetchWeights(file, { folder });
  expect(sha256(readFileSync(fetched.path))).toBe(file.sha256);
});

test("another hash than the declared one is refused, with both", async () => {
  const six = weights({ source: "pkg:pypi/six@1.16.0#six.py" });
  await expect(fetchWeights(six, { folder })).rejects.toThrow(
    `expected ${six.sha256}, as declared, got 4ce39f422ee71467ccac8bed76beb05f8c321c7f0ceda9279ae2dfa3670106b3`,
  );
});

test("a file that the package lacks is told by name", async () => {
  const absent = weights({ source: "pkg:pypi/six@1.16.0#weights/absent.onnx" });
  await expect(fetchWeights(absent, { folder })).rejects.toThrow(
    "expected a file of six@1.16.0 after #, got weights/absent.onnx, which the package lacks",
  );
});

test("a version that does not exist is the contribution's fault", async () => {
  const absent = weights({ source: "pkg:pypi/six@999.0#six.py" });
  await expect(fetchWeights(absent, { folder })).rejects.toThrow(/a package that can be had/);
});

test("a file in the folder is read where it lies", async () => {
  writeFileSync(join(folder, "net.onnx"), "weights");
  const local = weights({ path: "net.onnx", sha256: sha256("weights") });
  expect(await fetchWeights(local, { folder })).toEqual({
    path: join(folder, "net.onnx"),
    bytes: 7,
    sha256: sha256("weights"),
  });
});

test("an address that nobody answers is a reason to try again", async () => {
  const unreachable = weights({ source: "https://localhost:1/net.onnx" });
  await expect(fetchWeights(unreachable, { folder })).rejects.toMatchObject({ exitCode: 75 });
});

test("a weights file keeps the name of its path, or of its source", () => {
  expect(weightsFileName(weights({ path: "models/net.onnx" }))).toBe("net.onnx");
  expect(weightsFileName(weights({ source: "pkg:pypi/a@1#b/c.pth" }))).toBe("c.pth");
  expect(weightsFileName(weights({ source: "https://example.org/x/y.h5?download=1" }))).toBe(
    "y.h5",
  );
});
