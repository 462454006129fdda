import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Lock } from "#schema/lock.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { engineVersion } from "../images/engine.ts";
import { findEntries } from "../subject.ts";
import { workspace } from "../workspace.ts";
import { plan } from "./plan.ts";

let registry: string;
let version: string;
beforeEach(async () => {
  registry = mkdtempSync(join(tmpdir(), "modelhub-plan-"));
  version = join(registry, "models/tiny-net/1.0.0");
  cpSync(join(root, "ci/e2e/base/registry"), registry, { recursive: true });
  editJson("source.json", (source) => ({ ...source, revision: "1".repeat(40) }));
});
afterEach(() => rmSync(registry, { recursive: true }));

test("a version without a lock was never built", async () => {
  expect(await reasons()).toEqual(["never built"]);
});

test("nothing is to be done where the lock stands for today's inputs", async () => {
  await lock();
  expect(await reasons()).toEqual([]);
});

test("another engine, base or source is a reason, and says which", async () => {
  await lock();
  editJson("lock.json", (content) => ({ ...content, key: "0".repeat(64), engineVersion: "0.0.1" }));
  expect(await reasons()).toEqual([`engine 0.0.1 → ${engineVersion}`]);
  editJson("lock.json", (content) => ({ ...content, engineVersion }));
  expect(await reasons()).toEqual(["its base image, engine or source changed"]);
});

test.each<[string, (text: string) => string, string]>([
  ["a key twice", (text) => text.replace('"key"', '"version": "1.0.0",\n  "key"'), "each key once"],
  ["its end missing", (text) => text.slice(0, -3), "a comma or }"],
  ["half a digest", (text) => text.replace(/("digest": "sha256:1{32})1+/, "$1"), "sha256: and 64"],
  ["a key too many", (text) => text.replace("{", '{\n  "extra": 1,'), "a key of the schema"],
])("a lock with %s stops the plan, though its key is today's", async (_, spoil, expected) => {
  await lock();
  const file = join(version, "lock.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, spoil(text));
  expect(readFileSync(file, "utf8")).not.toBe(text);
  await expect(reasons()).rejects.toThrow(expected);
});

async function reasons(): Promise<string[]> {
  return (await plan([], workspace({ registry }))).map(({ why }) => why);
}

/** The lock that the pipeline would leave. */
async function lock(): Promise<void> {
  const [subject] = await findEntries([], workspace({ registry }));
  if (!subject?.source) throw new Error("no version");
  const { id, key, contentKey, source } = subject;
  const [digest, hash] = [`sha256:${"1".repeat(64)}`, "1".repeat(64)];
  writeJson(join(version, "lock.json"), {
    schemaVersion: "1",
    id,
    version: "1.0.0",
    key,
    contentKey,
    source: {
      repository: source.repository,
      revision: source.revision,
      path: ".",
      configSha256: hash,
    },
    image: {
      name: "registry.example.org/models/tiny-net",
      digest,
      platforms: { "linux/amd64": digest },
    },
    stack: { base: digest, runtime: digest, engine: digest },
    engineVersion,
    weights: { scale: hash },
    bundle: digest,
    record: digest,
  } satisfies Lock);
}

function editJson(name: string, edit: (content: Record<string, unknown>) => object): void {
  const file = join(version, name);
  writeJson(file, edit(readJson(file) as Record<string, unknown>));
}
