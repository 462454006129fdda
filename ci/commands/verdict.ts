import { join } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import type { Report, SampleResult } from "#schema/record.ts";
import { isArray, isKept, keptArray, withFiles } from "../arrays.ts";
import { type Came, compareOutputs } from "../compare.ts";
import { ContributionError } from "../errors.ts";
import { readJson } from "../files.ts";
import { builtPlatforms } from "../platforms.ts";
import type { Problem } from "../problems.ts";
import type { StageFile } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";

/**
 * Throws unless the report of a test says that all passed, and unless that follows from the outputs
 * in it. The report comes from a job that ran the contributor's code, so its verdict is not taken:
 * the outputs are compared once more with what the author's commit expects. Pictures, and arrays too
 * large to be kept, are not in a report; for them alone its word counts.
 */
export function requirePassed(
  subject: FetchedSubject,
  { unbuilt }: StageFile<"build">,
  { reports }: StageFile<"test">,
): void {
  const problems = builtPlatforms(subject.instance, unbuilt).flatMap((platform) =>
    reportProblems(subject, platform, reports),
  );
  if (problems.length > 0) throw new ContributionError(problems);
}

function reportProblems(
  subject: FetchedSubject,
  platform: Platform,
  reports: readonly Report[],
): Problem[] {
  const file = `the test on ${platform}`;
  const own = reports.filter((report) => report.platform === platform);
  const [report] = own;
  if (!report || own.length > 1)
    return [{ file, expected: "one report", got: String(own.length), hint }];
  const samples = new Map(report.samples.map((sample) => [sample.id, sample]));
  const problems = subject.config.samples.flatMap(({ id, expected }) => {
    const result = samples.get(id);
    if (!result) return [{ file, key: id, expected: "a result", got: "none", hint }];
    return sampleProblems(subject, expected, result).map((problem) => ({ ...problem, file }));
  });
  if (problems.length === 0 && !report.passed)
    return [{ file, expected: "a test that passed", got: "one that failed" }];
  return problems;
}

const hint = "`modelhub test` writes the report anew";

function sampleProblems(
  { config, folder }: FetchedSubject,
  expected: string,
  { id, passed, outputs }: SampleResult,
): Omit<Problem, "file">[] {
  const values = readJson(join(folder, expected)) as Record<string, unknown>;
  const came = outputs.map((output) => ({
    ...output,
    prediction: keptArray(output) ?? output.prediction,
  }));
  const away = new Set(came.filter(isAway).map(({ name }) => name));
  const inFull = config.outputs.filter(({ id: name }) => !away.has(name));
  const differences = compareOutputs(inFull, withFiles(config.outputs, values, folder), came);
  const failed = differences.filter((difference) => !difference.passed);
  if (failed.length > 0)
    return failed.map(({ output, message }) => ({
      key: `${id}.${output}`,
      expected: "an output within its tolerance",
      got: message,
    }));
  return passed ? [] : [{ key: id, expected: "a sample that passed", got: "one that failed" }];
}

function isAway({ type, prediction }: Pick<Came, "type" | "prediction">): boolean {
  return isArray({ type }) && typeof prediction === "string" && !isKept(prediction);
}
