import { existsSync } from "node:fs";
import type { Scan } from "#schema/scan.ts";
import { ContributionError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import { type Entry, readDocument } from "../registry.ts";

/**
 * What the last scan of a version found, where it speaks of the image that is locked: a new image has
 * another SBOM, and nobody has looked at that yet.
 */
export function readScan({ lock, files }: Pick<Entry, "lock" | "files">): Scan | undefined {
  if (!existsSync(files.scan)) return undefined;
  const problems: Problem[] = [];
  const scan = readDocument("scan", files.scan, problems);
  if (problems.length > 0) throw new ContributionError(problems);
  return scan && scan.sbom === lock?.attestations?.sbom ? scan : undefined;
}
