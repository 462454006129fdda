import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Platform } from "#schema/primitives.ts";
import { pushEngine } from "../e2e/example-images.ts";
import { RegistryDouble } from "../e2e/registry-double.ts";
import { clientOf, platformDigests } from "../images/oci.ts";
import { reference, stackLevels } from "../images/stack.ts";
import { machinePlatform, partOf, partsOf, requirePlatform } from "../platforms.ts";
import { readStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { joinBuilt } from "./build.ts";

const [amd64, arm64] = ["linux/amd64", "linux/arm64"] as const;
let double: RegistryDouble;
let folder: string;
let subject: FetchedSubject;

beforeEach(async () => {
  double = await RegistryDouble.open();
  folder = mkdtempSync(join(tmpdir(), "modelhub-parts-"));
  subject = {
    id: "tiny",
    version: "1.0.0",
    key: "1".repeat(64),
    contentKey: "2".repeat(64),
    work: join(folder, "work"),
    instance: { platforms: [amd64, arm64], images: `${double.host}/published` },
  } as unknown as FetchedSubject;
});
afterEach(async () => {
  await double.close();
  rmSync(folder, { recursive: true });
});

test("what two machines built becomes one image of both platforms", async () => {
  await builtOn(amd64);
  await builtOn(arm64);
  const { images, unbuilt } = await joinBuilt(subject, staging());
  const digests = await platformDigests(reference(images.deployment), [amd64, arm64]);
  const parts = partsOf(subject).map((part) => readStage("build", part)?.images.deployment.digest);
  expect([...digests.values()]).toEqual(parts);
  expect(unbuilt).toBeUndefined();
  expect(readStage("build", subject)?.images).toEqual(images);
});

test("a platform that can't be built is left out, and the reason stays with the image", async () => {
  await builtOn(amd64);
  notBuiltOn(arm64, "pip finds no tensorrt for it");
  const { images, unbuilt } = await joinBuilt(subject, staging());
  expect(unbuilt).toEqual({ [arm64]: "pip finds no tensorrt for it" });
  const own = readStage("build", partOf(subject, amd64));
  expect(images.deployment.digest).toBe(own?.images.deployment.digest);
});

test("a model that no platform has an image for is the contribution's fault", async () => {
  for (const platform of [amd64, arm64]) notBuiltOn(platform, "pip finds no numpy==99 for it");
  await expect(joinBuilt(subject, staging())).rejects.toThrow(
    "expected an image for linux/arm64, or for another platform of the registry, got pip finds no numpy==99 for it",
  );
});

test("nothing is joined before each platform was tried", async () => {
  await builtOn(amd64);
  await expect(joinBuilt(subject, staging())).rejects.toThrow("`build` has not run");
});

test("on a machine that runs one platform alone, the hint says how to go on", () => {
  const foreign = machinePlatform() === amd64 ? arm64 : amd64;
  expect(() => requirePlatform(foreign, "/nowhere")).toThrow("`scripts/setup --emulation`");
  expect(() => requirePlatform(machinePlatform(), "/nowhere")).not.toThrow();
});

test("a platform that the registry does without is refused by name", () => {
  const one = { ...subject, instance: { ...subject.instance, platforms: [amd64] } };
  expect(() => partOf(one, arm64)).toThrow("expected a platform of registry.json: linux/amd64");
  expect(partOf(one, amd64)).toBe(one);
});

/** As a build on that platform leaves it. */
async function builtOn(platform: Platform): Promise<void> {
  const part = partOf(subject, platform);
  const images: Partial<StageFile<"build">["images"]> = {};
  for (const level of stackLevels) {
    const repository = level === "deployment" ? "build/models/tiny" : `build/${level}`;
    const { digest } = await pushEngine(clientOf(double.host), level, repository);
    const name = `${double.host}/${repository}`;
    const own = (await platformDigests(`${name}@${digest}`, [platform])).get(platform) ?? "";
    images[level] = { name, tag: `in-${platform}-${level}`, digest: own, seconds: 1 };
  }
  writeStage("build", part, { key: part.key, images: images as StageFile<"build">["images"] });
}

function notBuiltOn(platform: Platform, reason: string): void {
  const part = partOf(subject, platform);
  writeStage("unbuilt", part, { key: part.key, reason });
}

function staging(): string {
  return `${double.host}/build`;
}
