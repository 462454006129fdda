import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Lock } from "#schema/lock.ts";
import { DoubleStage, testedAsExpected } from "../e2e/double-stage.ts";
import { writeJson } from "../files.ts";
import { takeTests } from "../github/packs.ts";
import { resolveDigest } from "../images/oci.ts";
import { pack, unpack } from "../oci/added.ts";
import { variantsOf } from "../platforms.ts";
import { fetchRecord } from "../records.ts";
import { requireStage, type StageFile, writeStage } from "../stage-files.ts";
import { type FetchedSubject, findEntries } from "../subject.ts";
import { lock } from "./lock.ts";
import { withoutImage } from "./plan.ts";
import { publish } from "./publish.ts";
import { restackAll } from "./restack.ts";
import { verify } from "./verify.ts";

let stage: DoubleStage;
let subject: FetchedSubject;
let built: StageFile<"build">;
let tested: StageFile<"test">;

beforeEach(async () => {
  stage = await DoubleStage.open();
  ({ subject, built, tested } = await stage.build("tiny-net"));
});
afterEach(() => stage.close());

test("a platform without an image is told by lock, record and plan, each with the reason", async () => {
  const unbuilt = { "linux/arm64": "pip finds no tensorrt for it" };
  built = { ...built, unbuilt };
  tested = { ...tested, reports: onAmd64() };
  const locked = await publishAndLock();
  expect(locked.image.unbuilt).toEqual(unbuilt);
  expect(Object.keys(locked.image.platforms)).toEqual(["linux/amd64"]);
  const { record } = await fetchRecord(locked.image.name, locked.record);
  expect(record.image.unbuilt).toEqual(unbuilt);
  expect(withoutImage(await findEntries([], stage.at()))).toEqual([
    "tiny-net 1.0.0: no image for linux/arm64: pip finds no tensorrt for it",
  ]);
});

test("a variant is published under a tag of its own, and locked beside the image", async () => {
  withVariant();
  const { image, variants } = await publishAndLock();
  const cuda = variants?.cuda;
  expect(await resolveDigest(`${image.name}:1.0.0-cuda`)).toBe(cuda?.digest);
  expect(await resolveDigest(`${image.name}:1.0.0`)).toBe(image.digest);
  expect(Object.keys(cuda?.platforms ?? {})).toEqual(["linux/amd64", "linux/arm64"]);
});

test("verify finds a variant that is not what was published", async () => {
  withVariant();
  const locked = await publishAndLock();
  const { cuda } = locked.variants ?? {};
  if (!cuda) throw new Error("no variant");
  const other = { ...cuda, digest: `sha256:${"0".repeat(64)}` };
  const check = (variants: Lock["variants"]) =>
    verify({ ...subject, lock: { ...locked, variants } }, "lock.json", { quick: true });
  expect((await check({ cuda })).map(({ key }) => key)).toEqual([]);
  expect((await check({ cuda: other })).map(({ key }) => key)).toContain("variants.cuda.digest");
  const told = (await check(undefined)).map(({ key }) => key);
  expect(told).toEqual(["variants.cuda.digest", ...Array(3).fill("attestations.provenance")]);
});

test("verify finds a lock that says the image adds something else to its engine's", async () => {
  withVariant();
  const { image, variants, ...rest } = await publishAndLock();
  const { cuda } = variants ?? {};
  const added = unpack(image.added ?? "");
  if (!cuda || !added) throw new Error("the lock doesn't say what they add");
  expect(cuda.added).toBe(image.added);
  const check = (ofImage: string, ofVariant: string) => {
    const lock = {
      ...rest,
      image: { ...image, added: ofImage },
      variants: { cuda: { ...cuda, added: ofVariant } },
    };
    return verify({ ...subject, lock }, "lock.json", { quick: true });
  };
  expect(await check(pack(added), pack(added))).toEqual([]);
  const found = await check(pack({ ...added, labels: { "ai.modelhub.id": "other" } }), "none");
  expect(found.map(({ key, got }) => [key, got])).toEqual([
    ["image.added", "something else"],
    ["variants.cuda.added", "no such thing"],
  ]);
});

test("verify finds a lock whose image is none, though it says what that adds", async () => {
  withVariant();
  const { image, bundle, ...rest } = await publishAndLock();
  const added = pack({ layers: [], diffIds: [], history: [], labels: {} });
  const lock = { ...rest, bundle, image: { ...image, digest: bundle, added } };
  const found = await verify({ ...subject, lock }, "lock.json", { quick: true });
  expect(found.find(({ key }) => key === "image.added")?.got).toBe("something else");
});

test("nothing is published before its variant has passed", async () => {
  withVariant();
  const [variant] = variantsOf(subject);
  if (!variant) throw new Error("no variant");
  const reports = tested.reports.map((report) => ({ ...report, passed: false }));
  writeStage("test", variant, { ...tested, key: variant.key, reports });
  await expect(publishAndLock()).rejects.toThrow("one that failed");
});

test("an engine release takes a variant along, once its own test is there and has passed", async () => {
  withVariant();
  const before = await publishAndLock();
  const file = join(stage.registry, "models/tiny-net/1.0.0/lock.json");
  writeJson(file, { ...before, key: "0".repeat(64) });
  rmSync(stage.at().work, { recursive: true });
  stage.engine = "2";
  await stage.pushEngine(built.images.runtime, subject);
  stage.double.asked.length = 0;
  const [outcome] = await restackAll([], stage.at(), { say: () => {} });
  expect(outcome?.image).toBeDefined();
  const read = stage.double.asked.filter(({ method }) => method === "GET").map(({ path }) => path);
  expect(read.filter((path) => path.includes("/models/"))).toEqual([]);

  subject = { ...subject, lock: before };
  built = requireStage("build", subject);
  tested = testedAsExpected(subject, built);
  await expect(publishAndLock()).rejects.toThrow("`test` has not run for its present inputs");
  testElsewhere(false);
  await expect(publishAndLock()).rejects.toThrow("one that failed");
  testElsewhere(true);
  const after = await publishAndLock();
  expect(after.variants?.cuda?.digest).not.toBe(before.variants?.cuda?.digest);
  expect(after.variants?.cuda?.engine).toBe(after.stack.engine);
  expect(after.image.added).toBe(before.image.added);
  expect(await verify({ ...subject, lock: after }, "lock.json", { quick: true })).toEqual([]);
});

/** The reports of the version and its variant, as another job hands them on. */
function testElsewhere(passed: boolean): void {
  const folder = join(stage.folder, "tested");
  for (const one of [subject, ...variantsOf(subject)]) {
    const { reports, ...rest } = testedAsExpected(one, requireStage("build", one));
    const own = passed ? reports : reports.map((report) => ({ ...report, passed }));
    const work = join(folder, one.id, one.version, one.variant ?? "");
    writeStage("test", { work }, { ...rest, key: one.key, reports: one.variant ? own : reports });
  }
  takeTests(folder, [subject], () => {});
}

test("what a GPU's test saw stands in the record beside the CPU's", async () => {
  const [report] = onAmd64();
  if (!report) throw new Error("no report");
  const onGpu = { ...report, gpu: "NVIDIA H100", predictSeconds: 0.0001 };
  writeStage("gpu", subject, { key: subject.key, image: tested.image, report: onGpu });
  const locked = await publishAndLock();
  const { record } = await fetchRecord(locked.image.name, locked.record);
  expect(record.reports.map(({ gpu, predictSeconds }) => [gpu, predictSeconds])).toEqual([
    [undefined, 0.001],
    [undefined, 0.001],
    ["NVIDIA H100", 0.0001],
  ]);
});

test("a GPU's report with other outputs than the author's is not published", async () => {
  const [report] = onAmd64();
  if (!report) throw new Error("no report");
  const samples = report.samples.map((sample) => ({ ...sample, outputs: [] }));
  const onGpu = { ...report, gpu: "NVIDIA H100", samples };
  writeStage("gpu", subject, { key: subject.key, image: tested.image, report: onGpu });
  await expect(publishAndLock()).rejects.toThrow("the test on linux/amd64");
});

/** The subject as if its author had asked for a variant, which is built and tested. */
function withVariant(): void {
  subject = { ...subject, config: { ...subject.config, variants: { cuda: { runtime: "gpu" } } } };
  for (const variant of variantsOf(subject)) {
    writeStage("build", variant, { ...built, key: variant.key });
    writeStage("test", variant, { ...testedAsExpected(variant, built), key: variant.key });
  }
}

function onAmd64() {
  return tested.reports.filter(({ platform }) => platform === "linux/amd64");
}

async function publishAndLock(): Promise<Lock> {
  return lock(subject, built, await publish(subject, built, tested), stage.at());
}
