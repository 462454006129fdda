import { cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pack } from "../github/pack.ts";
import { platformDigests } from "../images/oci.ts";
import { type BuiltImage, reference, stackLevels } from "../images/stack.ts";
import { partsOf, platformOf } from "../platforms.ts";
import { type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import type { DoubleStage } from "./double-stage.ts";

/** A version with the folders that its jobs handed on: layouts of those that built, reports of those that tested. */
export interface HandedOver {
  subject: FetchedSubject;
  /** The images of all platforms together, as one machine would have built them. */
  whole: StageFile<"build">;
  built: string;
  tested: string;
}

/** Builds and tests a version as jobs on a machine of each platform do; this job's own work folder stays empty. */
export async function handOver(stage: DoubleStage, name: string): Promise<HandedOver> {
  const { subject, built: whole, tested } = await stage.build(name);
  for (const file of ["build", "test"]) rmSync(join(subject.work, `${file}.json`));
  for (const part of partsOf(subject)) {
    await splitOff(part, whole, tested);
    await pack(subject, platformOf(part));
  }
  const folders = { built: join(stage.folder, "built"), tested: join(stage.folder, "tested") };
  renameSync(subject.work, folders.built);
  for (const part of partsOf(subject)) {
    const file = join(part.work.slice(subject.work.length), "test.json");
    cpSync(join(folders.built, file), join(folders.tested, file));
    rmSync(join(folders.built, file));
  }
  return { subject, whole, ...folders };
}

/** One platform's images and report, out of those of all. */
async function splitOff(
  part: FetchedSubject,
  whole: StageFile<"build">,
  tested: StageFile<"test">,
): Promise<void> {
  const platform = platformOf(part);
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
