import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkFolder, moveFolder, requireReplaceable } from "./place-folder.ts";

const memory = "/dev/shm";
const isElsewhere = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev;

function filled(): string {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-place-"));
  mkdirSync(join(folder, "inner"));
  writeFileSync(join(folder, "inner", "file"), "here");
  return folder;
}

const empty = (parent = tmpdir()) => mkdtempSync(join(parent, "modelhub-place-"));
const content = (folder: string) => readFileSync(join(folder, "inner", "file"), "utf8");

test("a folder is moved to the place of an empty one", () => {
  const [from, to] = [filled(), empty()];
  moveFolder(from, to);
  expect(content(to)).toBe("here");
  expect(existsSync(from)).toBe(false);
});

test("linked files are the same files", () => {
  const [from, to] = [filled(), join(empty(), "new")];
  linkFolder(from, to);
  expect(statSync(join(to, "inner", "file")).ino).toBe(statSync(join(from, "inner", "file")).ino);
});

test("what is no catalog and no site stays where it is", () => {
  const folder = filled();
  expect(() => requireReplaceable(folder)).toThrow("got a folder with other files");
  expect(() => requireReplaceable(join(folder, "inner", "file"))).toThrow("got a file");
  expect(() => requireReplaceable(join(folder, "new"))).not.toThrow();
  expect(() => requireReplaceable(empty())).not.toThrow();
  mkdirSync(join(folder, "api", "v1"), { recursive: true });
  writeFileSync(join(folder, "api", "v1", "models.json"), "{}");
  expect(() => requireReplaceable(folder)).not.toThrow();
});

test.runIf(isElsewhere).each([
  ["moving", moveFolder],
  ["linking", linkFolder],
])("%s to another file system copies", (_, place) => {
  const [from, to] = [filled(), empty(memory)];
  place(from, to);
  expect(content(to)).toBe("here");
  rmSync(to, { recursive: true });
});
