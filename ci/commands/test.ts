import type { Platform } from "#schema/primitives.ts";
import type { Report } from "#schema/record.ts";
import { ContributionError, OursError } from "../errors.ts";
import { platformDigests } from "../images/oci.ts";
import { reference } from "../images/stack.ts";
import { builtPlatforms, partOf, variantsOf } from "../platforms.ts";
import { readStage, requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject, Subject } from "../subject.ts";
import { differences, testPlatform } from "./test-platform.ts";

/**
 * Runs every sample of a built image and of its variants in the sandbox and compares with what the
 * author expects.
 * Throws ContributionError with every difference when a sample fails.
 */
export async function test(
  subject: FetchedSubject,
  built: StageFile<"build">,
  say: (line: string) => void = () => {},
): Promise<StageFile<"test">> {
  const tested = await testImage(subject, built, say);
  for (const variant of variantsOf(subject))
    await test(variant, requireStage("build", variant), say);
  return tested;
}

/** The same for one image alone. */
export async function testImage(
  subject: FetchedSubject,
  built: StageFile<"build">,
  say: (line: string) => void = () => {},
): Promise<StageFile<"test">> {
  const before = passedBefore(subject, built.images.deployment.digest);
  if (before) return before;
  const { name } = built.images.deployment;
  const reports: Report[] = [];
  for (const [platform, digest] of await digestsOf(subject, built)) {
    const earlier = passedBefore(partOf(subject, platform), digest);
    const image = `${name}@${digest}`;
    if (!earlier) say(`testing its samples in the sandbox, on ${platform}`);
    reports.push(...(earlier?.reports ?? [await testPlatform(subject, image, platform)]));
  }
  const result = writeTested(subject, built, reports);
  const problems = reports.flatMap((report) => differences(subject, report));
  if (problems.length > 0) throw new ContributionError(problems);
  return result;
}

/**
 * Puts the reports of all platforms together. Runs nothing: what the index holds has to have passed on
 * each of its platforms.
 */
export async function joinTested(
  subject: Subject,
  built: StageFile<"build">,
): Promise<StageFile<"test">> {
  const reports: Report[] = [];
  for (const [platform, digest] of await digestsOf(subject, built)) {
    const part = requireStage("test", partOf(subject, platform));
    if (part.image !== digest)
      throw new OursError(`the test on ${platform} saw ${part.image}, the build made ${digest}`);
    reports.push(...part.reports);
  }
  return writeTested(subject, built, reports);
}

/** Digest of each platform's image. */
function digestsOf(
  { instance }: Subject,
  { images, unbuilt }: StageFile<"build">,
): Promise<Map<Platform, string>> {
  return platformDigests(reference(images.deployment), builtPlatforms(instance, unbuilt));
}

function passedBefore(subject: Subject, digest: string): StageFile<"test"> | undefined {
  const before = readStage("test", subject);
  const isGood = before?.image === digest && before.reports.every(({ passed }) => passed);
  return isGood ? before : undefined;
}

function writeTested(
  subject: Subject,
  { images }: StageFile<"build">,
  reports: Report[],
): StageFile<"test"> {
  const result = { key: subject.key, image: images.deployment.digest, reports };
  writeStage("test", subject, result);
  return result;
}
