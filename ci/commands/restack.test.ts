import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer } from "../e2e/bad-days.ts";
import { pushEngine, pushModel } from "../e2e/example-images.ts";
import { RegistryDouble } from "../e2e/registry-double.ts";
import { exitCodeOf } from "../errors.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { tagOf } from "../images/level.ts";
import { clientOf } from "../images/oci.ts";
import { baseLevel, engineLevel } from "../images/stack.ts";
import type { Published } from "../oci/whole-image.ts";
import { lockedVariants } from "../platforms.ts";
import { readStage } from "../stage-files.ts";
import { findEntries } from "../subject.ts";
import { type RestackOptions, type RestackOutcome, restackAll } from "./restack.ts";

// An engine of two files: here it is only named by their hash.
vi.hoisted(async () => {
  const { writeJson } = await import("../files.ts");
  const engine = `${process.env["TMPDIR"] ?? "/tmp"}/modelhub-engine-${process.pid}`;
  writeJson(`${engine}/engine.json`, { version: "2.0.0" });
  writeJson(`${engine}/node.json`, {});
  process.env["MODELHUB_ENGINE_SOURCE"] = engine;
});
const engines = "published/engine";
const engineFolder = String(process.env["MODELHUB_ENGINE_SOURCE"]);

// The first two share a runtime. Their sources are nowhere: a release fetches none.
const ids = ["example-1", "example-2", "other"] as const;
const [one, two, other] = ids;
/** One for each runtime goes first. */
const inOrder = [one, other, two];

let double: RegistryDouble;
let folder: string;
let wanted: string;
let said: string[];

beforeEach(async () => {
  double = await RegistryDouble.open();
  folder = mkdtempSync(join(tmpdir(), "modelhub-release-"));
  said = [];
  await release();
});
afterEach(async () => {
  await double.close();
  rmSync(folder, { recursive: true });
});

afterAll(() => rmSync(engineFolder, { recursive: true }));

test("every locked version gets the new engine, and what comes next finds it", async () => {
  const outcomes = await run();
  expect(outcomes.map(summary)).toEqual(inOrder.map(imageOf));
  for (const subject of await findEntries([], at())) {
    const { deployment, engine } = readStage("build", subject)?.images ?? {};
    expect(deployment?.digest).toBe(wanted);
    expect(engine?.name).toBe(`${double.host}/published/engine`);
  }
});

test("of each runtime one goes first, and only that one as a canary", async () => {
  const outcomes = await run({ canary: true });
  expect(outcomes.map(({ id }) => id)).toEqual([one, other]);
});

test("interrupted anywhere and run again, it ends as if it had not been", async () => {
  await run();
  const [count, holds] = [double.asked.length, double.holds()];
  for (let request = 0; request < count; request += 9) {
    await double.close();
    rmSync(folder, { recursive: true });
    double = await RegistryDouble.open();
    await release();
    double.break(answer(418), { after: request, times: Number.POSITIVE_INFINITY });
    const outcomes = await run();
    expect(outcomes.some(({ error }) => error && exitCodeOf(error) === 2)).toBe(true);
    double.mend();
    expect((await run()).map(summary)).toEqual(inOrder.map(imageOf));
    expect(double.holds()).toEqual(holds);
  }
});

test("run again, it asks for each image once and sends nothing", async () => {
  await run();
  double.asked.length = 0;
  await run();
  expect(double.asked.map(({ method }) => method)).toEqual(ids.map(() => "HEAD"));
});

test("where an earlier run made nothing, it soon stops looking for what it made", async () => {
  const [{ lock } = {}] = await findEntries([one], at());
  const more = Array.from({ length: 16 }, (_, number) => `other-${number}`);
  for (const id of more) {
    const image = await pushModel(clientOf(double.host), "1", `published/models/${id}`);
    addEntry(id, image, lock?.stack ?? {});
  }
  for (const { id, contentKey } of await findEntries(more, at()))
    editLock(id, (lock) => ({ ...lock, contentKey }));
  double.asked.length = 0;
  const outcomes = await run();
  expect(outcomes.filter(({ image }) => image)).toHaveLength(ids.length + more.length);
  const looked = double.asked.filter(
    ({ method, path }) => method === "HEAD" && path.includes("published/models/"),
  );
  // 8 are under way at once, beside the two that went first.
  expect(looked).toHaveLength(10);
});

test("an engine that comes out as it was leaves every image as it is", async () => {
  const client = clientOf(double.host);
  const { digest, platforms } = await pushModel(client, "2", `published/models/${one}`);
  const engine = (await pushEngine(client, "2", engines)).digest;
  editLock(one, (lock) => ({
    ...lock,
    image: { ...(lock["image"] as object), digest, platforms },
    stack: { ...(lock["stack"] as object), engine },
  }));
  const [outcome] = await run({}, one);
  expect(outcome?.image).toBe(`${double.host}/published/models/${one}@${digest}`);
});

test("a version whose source changed is left to be built", async () => {
  editLock(one, (lock) => ({ ...lock, contentKey: "0".repeat(64) }));
  const [outcome] = await run({}, one);
  expect(outcome).toEqual({
    id: one,
    version: "1.0.0",
    why: "its source changed, and it has to be built: `modelhub build` does so",
  });
});

test("a new base image is no matter of a restack", async () => {
  editLock(one, (lock) => ({
    ...lock,
    stack: { ...(lock["stack"] as object), base: `sha256:${"0".repeat(64)}` },
  }));
  const [outcome] = await run({}, one);
  expect(outcome?.why).toMatch(/^its base is another/);
});

test("a variant, which stands on a runtime of its own, gets the new engine with its version", async () => {
  const cuda = await addVariant(two);
  await run();
  const variants = (await findEntries([two], at())).flatMap(lockedVariants);
  expect(variants.map((one) => readStage("build", one)?.images)).toMatchObject([
    { runtime: { digest: cuda.runtime }, deployment: { digest: cuda.wanted } },
  ]);
  double.asked.length = 0;
  await run({}, two);
  expect(double.asked.map(({ method }) => method)).toEqual(["HEAD", "HEAD"]);
});

test("of a variant's runtime one goes first too", async () => {
  await addVariant(two);
  const canaries = await run({ canary: true });
  expect(new Set(canaries.map(({ id }) => id))).toEqual(new Set([one, other, two]));
});

test("a version whose variant can't be put on the engine is left where it is", async () => {
  await addVariant(two);
  editLock(two, (lock) => {
    const { cuda } = lock["variants"] as { cuda: object };
    return { ...lock, variants: { cuda: { ...cuda, digest: `sha256:${"0".repeat(64)}` } } };
  });
  const [outcome] = await run({}, two);
  expect(outcome?.image).toBeUndefined();
  expect(said.join("\n")).toContain("is not in the registry");
});

test("a registry that refuses is not taken for one that lacks the base", async () => {
  double.break(answer(401), { path: /published.base/, times: Number.POSITIVE_INFINITY });
  const [outcome] = await run({}, one);
  expect(outcome?.why).toBeUndefined();
  expect(String(outcome?.error)).toContain("wants a login");
});

test("an image that isn't what its lock says holds up no other", async () => {
  editLock(two, (lock) => {
    const image = lock["image"] as object;
    return { ...lock, image: { ...image, digest: `sha256:${"0".repeat(64)}` } };
  });
  const outcomes = await run();
  const failed = outcomes.filter(({ error }) => error).map(({ id }) => id);
  expect(failed).toEqual([two]);
  expect(said.join("\n")).toContain("is not in the registry");
});

test("a version that stands on the engine of today is left alone", async () => {
  const [{ key } = { key: "" }] = await findEntries([one], at());
  editLock(one, (lock) => ({ ...lock, key }));
  expect(await run({}, one)).toEqual([]);
});

/** A registry whose images stand on engine 1, with engine 2 built on both of its runtimes. */
async function release(): Promise<void> {
  const client = clientOf(double.host, { firstWaitMs: 2, limitSeconds: 0 });
  cpSync(join(root, "ci/e2e/base/registry"), join(folder, "registry"), { recursive: true });
  const file = join(folder, "registry", "registry.json");
  const instance = readJson(file) as { platforms: ["linux/amd64"] };
  writeJson(file, { ...instance, images: `${double.host}/published` });
  rmSync(join(folder, "registry", "models", "tiny-net"), { recursive: true });

  const engine = (await pushEngine(client, "1", engines)).digest;
  const base = await tagAs("published/base", (await baseLevel(instance.platforms)).key);
  for (const [place, id] of ids.entries()) {
    const runtime = `sha256:${String(place >> 1).repeat(64)}`;
    const image = await pushModel(client, "1", `published/models/${id}`);
    addEntry(id, image, { base, runtime, engine });
    await pushNextEngine(runtime);
  }
  for (const { id, contentKey } of await findEntries([], at()))
    editLock(id, (lock) => ({ ...lock, contentKey }));
  wanted = (await pushModel(client, "2", "elsewhere")).digest;
  double.asked.length = 0;

  async function tagAs(repository: string, key: string): Promise<string> {
    const { digest } = await pushEngine(client, "0", repository);
    const found = await client.manifest(repository, digest);
    if (found) await client.putManifest(repository, tagOf(key), found);
    return digest;
  }
}

/** Engine 2 on a runtime, under the tag that it has as a level. */
async function pushNextEngine(runtime: string): Promise<void> {
  const client = clientOf(double.host);
  const image = { name: `${double.host}/published/runtime`, tag: "", digest: runtime, seconds: 0 };
  const { key } = await engineLevel(["linux/amd64"], image);
  const { digest } = await pushEngine(client, "2", engines);
  const found = await client.manifest(engines, digest);
  if (found) await client.putManifest(engines, tagOf(key), found);
}

/** Gives a locked version a variant with another image, on a runtime of its own. */
async function addVariant(id: string): Promise<{ runtime: string; wanted: string }> {
  const client = clientOf(double.host);
  const runtime = `sha256:${"9".repeat(64)}`;
  await pushNextEngine(runtime);
  const { digest, platforms } = await pushModel(client, "1", `published/models/${id}`, "cuda");
  editLock(id, (lock) => {
    const { engine } = lock["stack"] as { engine: string };
    return { ...lock, variants: { cuda: { digest, platforms, runtime, engine } } };
  });
  const { digest: wanted } = await pushModel(client, "2", "elsewhere", "cuda");
  return { runtime, wanted };
}

function addEntry(id: string, { digest, platforms }: Published, stack: object): void {
  const [repository, revision] = ["https://git.example.org/nowhere", "1".repeat(40)];
  const model = join(folder, "registry", "models", id);
  const maintainers = [{ github: "someone" }];
  writeJson(join(model, "model.json"), { schemaVersion: "1", title: id, repository, maintainers });
  const source = { schemaVersion: "1", repository, revision };
  writeJson(join(model, "1.0.0", "source.json"), source);
  writeJson(join(model, "1.0.0", "lock.json"), {
    schemaVersion: "1",
    id,
    version: "1.0.0",
    key: "1".repeat(64),
    contentKey: "1".repeat(64),
    source: { repository, revision, path: ".", configSha256: "1".repeat(64) },
    image: { name: `${double.host}/published/models/${id}`, digest, platforms },
    stack,
    engineVersion: "0.0.1",
    weights: {},
    bundle: digest,
    record: digest,
  });
}

function editLock(id: string, edit: (lock: Record<string, unknown>) => object): void {
  const file = join(folder, "registry", "models", id, "1.0.0", "lock.json");
  writeJson(file, edit(JSON.parse(readFileSync(file, "utf8"))));
}

function imageOf(id: string): string {
  return `${double.host}/published/models/${id}@${wanted}`;
}

function summary({ image, why, error }: RestackOutcome): string {
  return image ?? why ?? String(error);
}

function at() {
  const [registry, work] = [join(folder, "registry"), join(folder, "work")];
  return { registry, work, staging: `${double.host}/build` };
}

function run(options: Partial<RestackOptions> = {}, ...names: string[]) {
  const say = (line: string) => said.push(line);
  return restackAll(names, at(), { ...options, say });
}
