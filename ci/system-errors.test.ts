import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { OursError } from "./errors.ts";
import { orRefusal } from "./system-errors.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-refused-"));
const file = join(folder, "file");
writeFileSync(file, "");
afterAll(() => rmSync(folder, { recursive: true }));

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("what the machine refuses is told with its place and what to do", () => {
  const refused = orRefusal(thrownBy(() => mkdirSync(join(file, "inner"))));
  expect(refused).toBeInstanceOf(OursError);
  expect(String(refused)).toMatch(`${join(file, "inner")}: not a directory\n  hint: a file lies`);
});

test.runIf(process.platform === "linux")("a full disk is told where no path is known", () => {
  const refused = orRefusal(thrownBy(() => writeFileSync("/dev/full", Buffer.from("x"))));
  expect(String(refused)).toMatch(/: no space left on device\n {2}hint: `df -h` tells/);
});

test("a folder for which there is none above it is told", () => {
  const refused = orRefusal(thrownBy(() => mkdtempSync(join(folder, "none", "inner-"))));
  expect(String(refused)).toMatch(
    /inner-XXXXXX: no such file or directory\n {2}hint: the folder above/,
  );
});

test("a file that should be there and isn't stays a fault of the program", () => {
  const error = thrownBy(() => readFileSync(join(folder, "none")));
  expect(orRefusal(error)).toBe(error);
  expect(orRefusal("a text")).toBe("a text");
});
