import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeJson } from "../files.ts";
import type { Subject } from "../subject.ts";
import { packsOutput, takeTests } from "./packs.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-packs-"));
afterAll(() => rmSync(folder, { recursive: true }));

function packs(output: string): { number: number; names: string }[] {
  return JSON.parse(output.replace(/^packs=/, "")).include;
}

test("every version on the new engine is in one pack, and there are no more packs than jobs", () => {
  const restacked = Array.from({ length: 1000 }, (_, number) => ({
    id: `model-${number}`,
    version: "1.0.0",
    image: "x",
  }));
  const all = packs(packsOutput(restacked));
  expect(all).toHaveLength(64);
  const names = all.flatMap((pack) => pack.names.split(" "));
  expect(new Set(names).size).toBe(1000);
  expect(Math.max(...all.map((pack) => pack.names.split(" ").length))).toBe(16);
});

test("what could not be put on the engine is in none; nothing makes no job", () => {
  const refused = { id: "one", version: "1.0.0", why: "its base is another", failed: false };
  expect(packs(packsOutput([refused, { ...refused, id: "two", image: "x" }]))).toEqual([
    { number: 0, names: "two@1.0.0" },
  ]);
  expect(packsOutput([refused])).toBe("packs=\n");
});

test("a name that could be more than a name is refused", () => {
  expect(() => packsOutput([{ id: "a; rm -rf ~", version: "1.0.0", image: "x" }])).toThrow();
});

test("of another job's files only reports of the wanted versions are taken, and none for other inputs", () => {
  const [key, image] = ["1".repeat(64), `sha256:${"2".repeat(64)}`];
  const from = join(folder, "from");
  const report = { key, image, reports: [] };
  for (const id of ["one", "other", "stale"])
    writeJson(join(from, id, "1.0.0", "test.json"), report);
  writeJson(join(from, "one", "1.0.0", "build.json"), { key, images: "forged" });
  writeFileSync(join(from, "one", "1.0.0", "publish.json"), "forged");
  const subject = (id: string, own: string) =>
    ({ id, version: "1.0.0", key: own, work: join(folder, "work", id) }) as Subject;
  const said: string[] = [];
  takeTests(from, [subject("one", key), subject("stale", "3".repeat(64))], (line) =>
    said.push(line),
  );
  expect(said).toEqual(["1 report of 2"]);
  expect(readdirSync(join(folder, "work"), { recursive: true })).toEqual(["one", "one/test.json"]);
});
