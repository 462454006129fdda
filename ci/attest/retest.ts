import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import type { PastTest } from "#schema/tests.ts";
import { differences, testPlatform } from "../commands/test-platform.ts";
import { ContributionError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { lineOf, withKept } from "../history.ts";
import { platformDigests } from "../images/oci.ts";
import { today } from "../night.ts";
import { builtPlatforms, machinePlatform, variantsOf } from "../platforms.ts";
import type { Problem } from "../problems.ts";
import { type FetchedSubject, fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/** What came out when the samples of a version ran once more. */
export interface Retested {
  tests: PastTest[];
  /** What is no longer as expected. */
  problems: Problem[];
}

/** Runs the samples of a locked image and its variants once more, by their digests, on each platform. */
export async function retest(name: string, file: string, at: Workspace): Promise<Retested> {
  const work = mkdtempSync(join(tmpdir(), "modelhub-retest-"));
  try {
    const [subject] = await fetchSubjects([name], { ...at, work });
    if (!subject?.lock) return { tests: [], problems: [] };
    const results: Retested[] = [];
    for (const one of [subject, ...variantsOf(subject)]) results.push(...(await retestImage(one)));
    const problems = results.flatMap((result) => result.problems);
    return {
      tests: results.flatMap(({ tests }) => tests),
      problems: problems.map((problem) => ({
        ...problem,
        file,
        key: [problem.file, problem.key].filter(Boolean).join(" "),
      })),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes tests into a folder of models, beside those that are kept there. */
export function keepTests(
  folder: string,
  { id, version }: Pick<FetchedSubject, "id" | "version">,
  tests: PastTest[],
): void {
  const file = join(folder, id, version, "tests.json");
  if (tests.length > 0) writeJson(file, withKept({ schemaVersion: "1", id, version, tests }, file));
}

async function retestImage(subject: FetchedSubject): Promise<Retested[]> {
  const { lock, instance } = subject;
  if (!lock) return [];
  const { name, digest, unbuilt } = lock.image;
  const platforms = builtPlatforms(instance, unbuilt);
  const results: Retested[] = [];
  for (const [platform, part] of await platformDigests(`${name}@${digest}`, platforms))
    results.push(await retestOn(subject, `${name}@${part}`, platform, lock));
  return results;
}

async function retestOn(
  subject: FetchedSubject,
  image: string,
  platform: Platform,
  { image: { digest }, engineVersion }: NonNullable<FetchedSubject["lock"]>,
): Promise<Retested> {
  const { variant } = subject;
  const of = { image: digest, ...(variant && { variant }), engineVersion };
  try {
    const report = await testPlatform(subject, image, platform);
    return { tests: [lineOf(report, of)], problems: differences(subject, report) };
  } catch (error) {
    if (!(error instanceof ContributionError)) throw error;
    const emulated = platform !== machinePlatform();
    const noAnswer = { ...of, tested: today(), platform, emulated, passed: false };
    return { tests: [noAnswer], problems: [...error.problems] };
  }
}
