import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixModes, keyOf, listFiles, makeFolder, writeFile } from "./files.ts";

const temporary = () => mkdtempSync(join(tmpdir(), "modelhub-files-"));

test("a key does not depend on the order of keys, and does on every value", () => {
  expect(keyOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(keyOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(keyOf({ a: 1 })).not.toBe(keyOf({ a: 2 }));
  expect(keyOf([1, 2])).not.toBe(keyOf([2, 1]));
  expect(keyOf({ a: undefined })).toBe(keyOf({}));
});

test("a folder whose filling fails is not there, and leaves nothing behind", async () => {
  const parent = temporary();
  const filling = makeFolder(join(parent, "made"), async (aside) => {
    writeFileSync(join(aside, "half"), "");
    throw new Error("no more disk");
  });
  await expect(filling).rejects.toThrow("no more disk");
  expect(readdirSync(parent)).toEqual([]);
});

test("a folder that is there is not filled again unless it is replaced", async () => {
  const path = join(temporary(), "made");
  const fill = (text: string) => async (aside: string) => writeFileSync(join(aside, "text"), text);
  await makeFolder(path, fill("one"));
  await makeFolder(path, fill("two"));
  expect(readFileSync(join(path, "text"), "utf8")).toBe("one");
  await makeFolder(path, fill("three"), { replace: true });
  expect(readFileSync(join(path, "text"), "utf8")).toBe("three");
});

test("a file is written whole, without a trace of the writing", () => {
  const folder = temporary();
  writeFile(join(folder, "deep", "file.json"), "{}");
  expect(readdirSync(join(folder, "deep"))).toEqual(["file.json"]);
});

test("files get the modes that git knows, whatever the machine gave them", () => {
  const folder = temporary();
  mkdirSync(join(folder, "bin"), { mode: 0o700 });
  writeFileSync(join(folder, "bin", "program"), "", { mode: 0o700 });
  writeFileSync(join(folder, "text"), "");
  chmodSync(join(folder, "text"), 0o664);
  symlinkSync("nowhere", join(folder, "link"));
  fixModes(folder);
  const modes = ["bin", "bin/program", "text"].map(
    (path) => statSync(join(folder, path)).mode & 0o777,
  );
  expect(modes).toEqual([0o755, 0o755, 0o644]);
});

test("files are listed in a fixed order with their hashes, links by their target's name", async () => {
  const folder = temporary();
  writeFileSync(join(folder, "b"), "");
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "c"), "abc");
  symlinkSync("b", join(folder, "link"));
  const files = await listFiles(folder);
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ["a/c", 3],
    ["b", 0],
    ["link", 1],
  ]);
  expect(files[0]?.sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(files[2]?.sha256).not.toBe(files[1]?.sha256);
});
