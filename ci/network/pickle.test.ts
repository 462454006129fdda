import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FileBytes } from "./file-bytes.ts";
import { Global, unpickle } from "./pickle.ts";
import { Unreadable } from "./unreadable.ts";

function read(pickle: Buffer): unknown {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-pickle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "pickle");
  writeFileSync(path, pickle);
  return FileBytes.with(path, (file) => unpickle(file, 0).value);
}

test.each([
  [2, [0, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 52]],
  [2, [-1, -128, -129, -32_769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 52)]],
  [4, [-1, -256, -(2 ** 31), -(2 ** 40), 0.5, -0.25]],
])("numbers of Python's protocol %d are read with their sign: %j", (protocol, numbers) => {
  const script = `import pickle, sys; sys.stdout.buffer.write(pickle.dumps(${JSON.stringify(numbers)}, ${protocol}))`;
  const python = process.env["MODELHUB_PYTHON"] ?? "python3";
  expect(read(execFileSync(python, ["-c", script]))).toEqual(numbers);
});

test("the name of what it would import is at most 1024 characters long", () => {
  const importing = (characters: number) =>
    read(Buffer.from(`cmodule\n${"x".repeat(characters)}\n.`));
  expect(importing(1024)).toEqual(new Global(`module.${"x".repeat(1024)}`));
  expect(() => importing(1025)).toThrow(Unreadable);
});
