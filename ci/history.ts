import { existsSync } from "node:fs";
import type { Variant } from "#schema/primitives.ts";
import type { Record as ModelRecord, Report } from "#schema/record.ts";
import { longestHistory, type PastTest, type Tests } from "#schema/tests.ts";
import { ContributionError } from "./errors.ts";
import type { Problem } from "./problems.ts";
import { readDocument } from "./registry.ts";

/** The tests of a version that its record doesn't hold: those before it, and those after. */

/** What a test tested. */
export type Tested = Pick<PastTest, "image" | "variant" | "engineVersion">;

/** The tests in a record, a line for each. */
export function testsIn({ image, engineVersion, reports, variants = {} }: ModelRecord): PastTest[] {
  const ofVariants = Object.entries(variants).flatMap(([variant, { image, reports }]) =>
    reports.map((report) =>
      lineOf(report, { image: image.digest, variant: variant as Variant, engineVersion }),
    ),
  );
  const own = reports.map((report) => lineOf(report, { image: image.digest, engineVersion }));
  return [...own, ...ofVariants];
}

/** A report without what each sample gave. */
export function lineOf({ samples: _, ...report }: Report, tested: Tested): PastTest {
  return { ...tested, ...report };
}

/** What the next record says of tests before it, where this one was the last. */
export function earlierThan(now: ModelRecord, last: ModelRecord | undefined): PastTest[] {
  if (!last) return [];
  const known = new Set(testsIn(now).map(nameOf));
  return newestFirst([...testsIn(last), ...(last.earlier ?? [])]).filter(
    (one) => !known.has(nameOf(one)),
  );
}

/** Each test once. A history that grew too long has lost the oldest. */
export function newestFirst(tests: readonly PastTest[]): PastTest[] {
  const each = [...new Map(tests.map((one) => [nameOf(one), one])).values()];
  const day = ({ tested = "" }: PastTest) => tested;
  return each.sort((a, b) => day(b).localeCompare(day(a))).slice(0, longestHistory);
}

function nameOf({ image, platform, gpu, tested, startSeconds }: PastTest): string {
  return JSON.stringify([image, platform, gpu, tested, startSeconds]);
}

/** The tests of a version after the one in its record. Throws ContributionError for a file that is no history. */
export function readTests(file: string): PastTest[] {
  if (!existsSync(file)) return [];
  const problems: Problem[] = [];
  const document = readDocument("tests", file, problems);
  if (problems.length > 0) throw new ContributionError(problems);
  return document?.tests ?? [];
}

/** A document with the tests that a file of the same version has kept so far. */
export function withKept(document: Tests, file: string): Tests {
  return { ...document, tests: newestFirst([...document.tests, ...readTests(file)]) };
}
