import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Built } from "#schema/catalog.ts";
import type { Lock } from "#schema/lock.ts";
import { commitAll } from "../e2e/commit.ts";
import { DoubleStage, testedAsExpected } from "../e2e/double-stage.ts";
import { killedAfter } from "../e2e/killed-after.ts";
import { writeEngine } from "../e2e/own-home.ts";
import { readJson } from "../files.ts";
import { pushLocks } from "../github/locks.ts";
import { root } from "../home.ts";
import { lockedVersions } from "../release/locked.ts";
import { requireStage } from "../stage-files.ts";
import { fetchSubjects } from "../subject.ts";
import { catalog } from "./catalog.ts";
import { lock } from "./lock.ts";
import { plan } from "./plan.ts";
import { publish } from "./publish.ts";
import { restackAll } from "./restack.ts";
import { verify } from "./verify.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

const ids = ["model-a", "model-b", "model-c"];
const engine = join(home, "engine-image");
let stage: DoubleStage;
let before: Lock[];

beforeEach(async () => {
  writeEngine(engine, "1");
  stage = await DoubleStage.open(ids);
  for (const id of ids) await stage.publish(id);
  before = locks();
  const origin = join(stage.folder, "origin");
  await execa("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
  await execa("git", ["init", "--quiet", "--initial-branch=main", stage.registry]);
  await git("remote", "add", "origin", origin);
  await commitAll(stage.registry);
  await git("push", "--quiet", "origin", "HEAD");
});
afterEach(() => stage.close());
afterAll(() => rmSync(home, { recursive: true }));

const git = (...args: string[]) => execa("git", args, { cwd: stage.registry });
const locks = () => ids.map(lockOf);
const lockOf = (id: string) =>
  readJson(join(stage.registry, "models", id, "1.0.0", "lock.json")) as Lock;
const say = () => {};

/** A new engine, as its release finds it: built once for each runtime. */
async function nextEngine(): Promise<void> {
  writeEngine(engine, "2");
  stage.engine = "2";
  const [subject] = await fetchSubjects(["model-a"], stage.at());
  if (!subject?.lock) throw new Error("nothing is locked");
  const { runtime: digest } = subject.lock.stack;
  await stage.pushEngine({ name: `${stage.images}/runtime`, tag: "", digest, seconds: 0 }, subject);
  rmSync(stage.at().work, { recursive: true });
}

/** What the workflow's jobs do after the restack, but for the sandbox. */
async function publishLocks(names: readonly string[], day?: string): Promise<void> {
  const out = join(stage.folder, "locks");
  for (const subject of await fetchSubjects(names, stage.at())) {
    const built = requireStage("build", subject);
    const published = await publish(subject, built, testedAsExpected(subject, built, day));
    await lock(subject, built, published, { ...stage.at(), registry: join(out, subject.id) });
  }
  await pushLocks(out, stage.registry, say);
}

async function problems(): Promise<object[]> {
  const all = lockedVersions([], {}, stage.at()).map((one) => verify(one, one.file));
  return (await Promise.all(all)).flat();
}

async function imagesInCatalog(): Promise<string[]> {
  const folder = join(stage.folder, "catalog");
  await catalog(stage.at(), folder);
  return ids.map((id) => {
    const file = join(folder, "api/v1/models", `${id}.json`);
    return (readJson(file) as { built: { image: string } }).built.image.replace(/.*@/, "");
  });
}

function builtInCatalog(id: string): Built {
  const file = join(stage.folder, "catalog/api/v1/models", id, "1.0.0.json");
  return (readJson(file) as { built: Built }).built;
}

test("a release moves every lock in one commit, and asks no contributor's host", async () => {
  await nextEngine();
  stage.killHost();
  rmSync(join(home, "sources"), { recursive: true });
  await restackAll([], stage.at(), { say });
  await publishLocks(ids);
  const after = locks();
  for (const [place, { image, stack, bundle, weights, contentKey }] of after.entries()) {
    expect(image.digest).not.toBe(before[place]?.image.digest);
    expect(stack.engine).not.toBe(before[place]?.stack.engine);
    expect({ bundle, weights, contentKey }).toEqual(
      (({ bundle, weights, contentKey }: Lock) => ({ bundle, weights, contentKey }))(
        before[place] as Lock,
      ),
    );
  }
  const { stdout } = await git("show", "--name-only", "--format=%s", "origin/main");
  expect(stdout.split("\n")).toEqual([
    "Lock 3 published versions",
    "",
    ...ids.map((id) => `models/${id}/1.0.0/lock.json`),
  ]);
  expect(await problems()).toEqual([]);
  expect(await plan([], stage.at())).toEqual([]);
  expect(await imagesInCatalog()).toEqual(after.map(({ image }) => image.digest));
});

test("the catalog remembers the tests on the engine before, whose record is no longer locked", async () => {
  await nextEngine();
  await restackAll([], stage.at(), { say });
  await publishLocks(["model-a"], "2026-03-31");
  await catalog(stage.at(), join(stage.folder, "catalog"));
  const { record, history } = builtInCatalog("model-a");
  expect(record.reports.map(({ tested }) => tested)).toEqual(["2026-03-31", "2026-03-31"]);
  const { image, engineVersion } = before[0] as Lock;
  const line = { image: image.digest, engineVersion, tested: "2026-01-31", passed: true };
  expect(history).toMatchObject([
    { ...line, platform: "linux/amd64", machine: { processor: "Abacus" } },
    { ...line, platform: "linux/arm64", predictSeconds: 0.001 },
  ]);
  expect(record).not.toHaveProperty("earlier");
  expect(builtInCatalog("model-b")).not.toHaveProperty("history");
});

test("it is rolled back by `git revert`: locks, catalog and verify are as before", async () => {
  await nextEngine();
  await restackAll([], stage.at(), { say });
  await publishLocks(ids);
  await git("-c", "user.name=A", "-c", "user.email=a@example.org", "revert", "--no-edit", "HEAD");
  writeEngine(engine, "1");
  expect(locks()).toEqual(before);
  expect(await problems()).toEqual([]);
  expect(await imagesInCatalog()).toEqual(before.map(({ image }) => image.digest));
  expect(await plan([], stage.at())).toEqual([]);
});

test("what fails on the new engine stays on the old one, and is planned again", async () => {
  await nextEngine();
  await restackAll([], stage.at(), { say });
  await publishLocks(["model-a", "model-c"]);
  expect(lockOf("model-b")).toEqual(before[1]);
  expect(await problems()).toEqual([]);
  expect(await plan([], stage.at())).toMatchObject([{ id: "model-b", isStackOnly: true }]);
});

test("killed with SIGKILL at any time and run again, it ends with the same images, nothing twice", async () => {
  await nextEngine();
  const begun = stage.double.asked.length;
  const digests = (await restackAll([], stage.at(), { say })).map(({ image }) => image);
  const [holds, count] = [holdings(), stage.double.asked.length - begun];
  expect(digests).toHaveLength(3);
  for (const share of [0.05, 0.3, 0.6, 0.85]) {
    await stage.close();
    writeEngine(engine, "1");
    stage = await DoubleStage.open(ids);
    for (const id of ids) await stage.publish(id);
    await nextEngine();
    const requests = stage.double.asked.length + Math.ceil(count * share);
    const killed = await killedAfter(requests, stage.double, commandLine());
    expect(killed.signal).toBe("SIGKILL");
    await execa(process.execPath, [join(root, "client/main.ts"), ...commandLine()]);
    expect(holdings()).toEqual(holds);
    const uploaded = stage.double.uploads.filter(({ bytes }) => bytes > 0).map(({ path }) => path);
    expect(new Set(uploaded).size).toBe(uploaded.length);
  }
});

/** Images by tag, and how much else there is: statements name the registry's host, which differs. */
function holdings() {
  return Object.entries(stage.double.holds()).map(([name, { blobs, manifests, tags }]) => {
    const images = Object.entries(tags).filter(([tag]) => tag.startsWith("in-"));
    return [name, images, blobs.length, manifests.length];
  });
}

const commandLine = () => {
  const { registry, work } = stage.at();
  return ["restack", "--registry", registry, "--work", work];
};
