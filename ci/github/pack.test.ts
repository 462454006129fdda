import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DoubleStage } from "../e2e/double-stage.ts";
import { handOver } from "../e2e/hand-over.ts";
import { resolveDigest } from "../images/oci.ts";
import { reference } from "../images/stack.ts";
import { partOf } from "../platforms.ts";
import { readStage, requireStage, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { unpack } from "./pack.ts";

const platform = "linux/arm64";
let stage: DoubleStage;
let subject: FetchedSubject;
/** What the job that built left. */
let from: string;
let staging: string;

beforeEach(async () => {
  stage = await DoubleStage.open();
  ({ subject, built: from } = await handOver(stage, "tiny-net"));
  staging = `${stage.double.host}/unpacked`;
});
afterEach(() => stage.close());

test("what was packed for a platform is in staging again, by the same digests", async () => {
  await unpack(subject, platform, { from, staging });
  const { images } = requireStage("build", partOf(subject, platform));
  expect(images).toEqual(expected());
  expect(await resolveDigest(reference(images.deployment))).toBe(images.deployment.digest);
  expect(readStage("build", partOf(subject, "linux/amd64"))).toBeUndefined();
});

test("a job has no say in where its images are pushed", async () => {
  const images = toldImages();
  const base = { ...images.base, name: `${stage.images}/base` };
  tell({ ...images, base });
  await unpack(subject, platform, { from, staging });
  expect(requireStage("build", partOf(subject, platform)).images.base.name).toBe(`${staging}/base`);
  expect(await resolveDigest(`${stage.images}/base:${base.tag}`)).toBeUndefined();
});

test("a layout with other bytes than its digests say is refused before a test runs", async () => {
  const hex = toldImages().deployment.digest.replace("sha256:", "");
  writeFileSync(join(from, "linux-arm64/images/blobs/sha256", hex), "{}");
  await expect(unpack(subject, platform, { from, staging })).rejects.toThrow("holds other bytes");
  expect(readStage("build", partOf(subject, platform))).toBeUndefined();
});

test("the layout of another platform is no layout of this one", async () => {
  rmSync(join(from, "linux-arm64"), { recursive: true });
  renameSync(join(from, "linux-amd64"), join(from, "linux-arm64"));
  await expect(unpack(subject, platform, { from, staging })).rejects.toThrow(
    "expected what `build` made of its inputs",
  );
});

function handedPlatform(): FetchedSubject {
  return { ...partOf(subject, platform), work: join(from, "linux-arm64") };
}

function toldImages() {
  return requireStage("build", handedPlatform()).images;
}

function tell(images: ReturnType<typeof toldImages>): void {
  const part = handedPlatform();
  writeStage("build", part, { key: part.key, images });
}

function expected() {
  const { base, runtime, engine, deployment } = toldImages();
  return {
    base: { ...base, name: `${staging}/base` },
    runtime: { ...runtime, name: `${staging}/runtime` },
    engine: { ...engine, name: `${staging}/engine` },
    deployment: { ...deployment, name: `${staging}/models/tiny-net` },
  };
}
