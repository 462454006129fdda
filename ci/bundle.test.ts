import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Source } from "#schema/entry.ts";
import type { Lock } from "#schema/lock.ts";
import { savePublished, unpackBundle } from "./bundle.ts";
import { DoubleStage } from "./e2e/double-stage.ts";
import { sha256 } from "./files.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("./e2e/own-home.ts");
  return takeOwnHome();
});

let stage: DoubleStage;
let lock: Lock;
beforeAll(async () => {
  stage = await DoubleStage.open();
  lock = await stage.publish("tiny-net@1.0.0");
});
afterAll(async () => {
  await stage.close();
  rmSync(home, { recursive: true });
});

const folder = (name: string) => join(stage.folder, name);
const entry = (): Source => ({ schemaVersion: "1", ...lock.source });

test("the published source of a version comes back as its author committed it", async () => {
  expect(await unpackBundle(lock, entry(), folder("source"))).toBe(true);
  const config = (root: string) => readFileSync(join(root, "modelhub.json"), "utf8");
  expect(config(folder("source"))).toBe(config(join(stage.models, "tiny-net")));
});

test.each([
  ["commit", { revision: "0".repeat(40) }],
  ["repository", { repository: "https://git.example.org/other" }],
  ["folder", { path: "other-net" }],
])("an entry that names another %s gets nothing of it", async (_, other) => {
  expect(await unpackBundle(lock, { ...entry(), ...other }, folder("other"))).toBe(false);
  expect(existsSync(folder("other"))).toBe(false);
});

test("a config that is not the one of the lock is refused", async () => {
  const source = { ...lock.source, configSha256: "0".repeat(64) };
  await expect(unpackBundle({ ...lock, source }, entry(), folder("wrong"))).rejects.toThrow(
    "holds another modelhub.json than its lock says",
  );
});

test("weights come back by their hash, and a file of another hash does not", async () => {
  const [hash = ""] = Object.values(lock.weights);
  expect(await savePublished(lock, hash, folder("weights"))).toBe(true);
  expect(sha256(readFileSync(folder("weights")))).toBe(hash);
  expect(await savePublished(lock, lock.source.configSha256, folder("config"))).toBe(false);
});
