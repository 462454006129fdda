import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson, writeJson } from "../files.ts";
import { platformDigests, resolveDigest } from "../images/oci.ts";
import { type BuiltImage, reference, stackLevels } from "../images/stack.ts";
import { partsOf } from "../platforms.ts";
import { readStage, requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { pack, unpack } from "./pack.ts";

let stage: DoubleStage;
let subject: FetchedSubject;
let whole: StageFile<"build">;
const elsewhere = () => `${stage.double.host}/unpacked`;

beforeEach(async () => {
  stage = await DoubleStage.open();
  const made = await stage.build("tiny-net");
  subject = made.subject;
  whole = made.built;
  for (const part of partsOf(subject)) await splitOff(part, made.tested);
  for (const file of ["build", "test"]) rmSync(join(subject.work, `${file}.json`));
});
afterEach(() => stage.close());

test("what a machine of each platform packed becomes the image that was built for both", async () => {
  for (const platform of subject.instance.platforms) await pack(subject, platform);
  await unpack(subject, elsewhere());
  const { images } = requireStage("build", subject);
  expect(images.deployment.digest).toBe(whole.images.deployment.digest);
  expect(await resolveDigest(reference(images.deployment))).toBe(images.deployment.digest);
  const { image, reports } = requireStage("test", subject);
  expect(image).toBe(images.deployment.digest);
  expect(reports.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"]);
});

test("what a job says of the whole version is not taken", async () => {
  for (const platform of subject.instance.platforms) await pack(subject, platform);
  const images = { ...whole.images, deployment: whole.images.engine };
  writeStage("build", subject, { key: subject.key, images });
  writeJson(join(subject.work, "publish.json"), {});
  await unpack(subject, elsewhere());
  expect(readStage("build", subject)?.images.deployment.digest).toBe(
    whole.images.deployment.digest,
  );
  expect(readJson(join(subject.work, "publish.json"))).toBeUndefined();
});

test("a job has no say in where its images are pushed", async () => {
  const [part] = partsOf(subject);
  if (!part) throw new Error("no part");
  for (const platform of subject.instance.platforms) await pack(subject, platform);
  const { images } = requireStage("build", part);
  const base = { ...images.base, name: `${stage.images}/base` };
  writeStage("build", part, { key: part.key, images: { ...images, base } });
  await unpack(subject, elsewhere());
  expect(requireStage("build", part).images.base.name).toBe(`${elsewhere()}/base`);
  expect(await resolveDigest(`${stage.images}/base:${base.tag}`)).toBeUndefined();
});

test("a test that saw another image than the one that was packed is refused", async () => {
  for (const platform of subject.instance.platforms) await pack(subject, platform);
  const [, part] = partsOf(subject);
  if (!part) throw new Error("no part");
  writeStage("test", part, { ...requireStage("test", part), image: whole.images.engine.digest });
  await expect(unpack(subject, elsewhere())).rejects.toThrow("the test on linux/arm64 saw");
});

test("a platform whose job left nothing holds the version up", async () => {
  await pack(subject, "linux/amd64");
  const [, part] = partsOf(subject);
  if (part) rmSync(part.work, { recursive: true });
  await expect(unpack(subject, elsewhere())).rejects.toThrow("`build` has not run");
});

/** As a job on a machine of that platform leaves it. */
async function splitOff(part: FetchedSubject, tested: StageFile<"test">): Promise<void> {
  const [platform] = part.instance.platforms;
  if (!platform) throw new Error("no platform");
  const images: Partial<Record<string, BuiltImage>> = {};
  for (const level of stackLevels) {
    const digests = await platformDigests(reference(whole.images[level]), [platform]);
    const digest = digests.get(platform) ?? "";
    images[level] = { ...whole.images[level], tag: `in-${part.key.slice(0, 8)}-${level}`, digest };
  }
  const built = { key: part.key, images: images as StageFile<"build">["images"] };
  writeStage("build", part, built);
  const reports = tested.reports.filter((report) => report.platform === platform);
  writeStage("test", part, { key: part.key, image: built.images.deployment.digest, reports });
}
