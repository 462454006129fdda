import type { StackOptions } from "../images/stack.ts";
import { partOf, variantsOf } from "../platforms.ts";
import { readStage, type StageFile } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { buildPart } from "./build.ts";
import { testImage } from "./test.ts";

/**
 * A version and its variants on one platform of several: what a job does whose machine is of that
 * platform. A job of ours puts the platforms together.
 */

/** Builds for a platform. Returns nothing where it can't be built for it, which is noted. */
export async function buildOn(
  platform: string,
  subject: FetchedSubject,
  options: StackOptions,
): Promise<StageFile<"build"> | undefined> {
  const parts = partsOn(platform, subject);
  for (const part of parts) await buildPart(part, options);
  return parts[0] && readStage("build", parts[0]);
}

/** Tests what was built for a platform. Returns nothing where there is nothing. */
export async function testOn(
  platform: string,
  subject: FetchedSubject,
): Promise<StageFile<"test"> | undefined> {
  const parts = partsOn(platform, subject);
  for (const part of parts) {
    const built = readStage("build", part);
    if (built) await testImage(part, built);
  }
  return parts[0] && readStage("test", parts[0]);
}

function partsOn(platform: string, subject: FetchedSubject): FetchedSubject[] {
  return [subject, ...variantsOf(subject)].map((one) => partOf(one, platform));
}
