import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "#schema/record.ts";
import { ContributionError, OursError } from "../errors.ts";
import { requireGpu } from "../images/gpu.ts";
import { machinePlatform, variantsOf } from "../platforms.ts";
import { fetchRecord } from "../records.ts";
import { type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { differences, testPlatform } from "./test-platform.ts";

/**
 * Runs every sample of a published image on this machine's GPU. The image is pulled by the digest that
 * its lock names; that of the `cuda` variant, where there is one. What it saw goes into the record with
 * the next `publish`. Throws ContributionError with every difference.
 */
export async function testGpu(
  subject: FetchedSubject,
  approved?: string,
): Promise<StageFile<"gpu">> {
  const gpu = await requireGpu();
  const image = gpuImage(subject, approved);
  const report = await testPlatform(subject, image, machinePlatform(), gpu);
  const digest = image.slice(image.indexOf("@") + 1);
  const [tested = subject] = subject.lock?.variants?.cuda ? variantsOf(subject) : [];
  const result = { key: tested.key, image: digest, report };
  writeStage("gpu", tested, result);
  // The next `publish` puts the report into the record.
  rmSync(join(subject.work, "publish.json"), { force: true });
  const problems = differences(subject, report);
  if (problems.length > 0) throw new ContributionError(problems);
  return result;
}

/**
 * The published image that is for GPUs. Throws where there is none for this machine, or another than
 * was approved.
 */
export function gpuImage(
  { id, version, lock }: Pick<FetchedSubject, "id" | "version" | "lock">,
  approved?: string,
): string {
  const platform = machinePlatform();
  if (!lock)
    throw new OursError(`${id} ${version} is not published, and a GPU runs published images alone`);
  const { digest, platforms } = lock.variants?.cuda ?? lock.image;
  if (!platforms[platform]) throw new OursError(`${id} ${version} has no image for ${platform}`);
  if (approved && approved !== digest)
    throw new OursError(
      `${id} ${version}: expected the image ${approved}, got ${digest} in its lock`,
    );
  return `${lock.image.name}@${digest}`;
}

/** The report of the same image on the same platform without a GPU; the lock names the record. */
export async function reportOnCpu(
  { lock }: Pick<FetchedSubject, "lock">,
  { platform }: Report,
): Promise<Report | undefined> {
  if (!lock) return undefined;
  const { record } = await fetchRecord(lock.image.name, lock.record);
  const { reports } = record.variants?.cuda ?? record;
  return reports.find((report) => report.platform === platform && !report.gpu);
}
