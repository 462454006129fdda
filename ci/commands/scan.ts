import { join } from "node:path";
import type { Scan } from "#schema/scan.ts";
import { readJson, writeJson } from "../files.ts";
import { fetchFirstFile } from "../images/oci.ts";
import type { Problem } from "../problems.ts";
import { type LockedVersion, lockedVersions } from "../release/locked.ts";
import { openDatabase } from "../scan/database.ts";
import {
  alarms,
  countsOf,
  findingsOf,
  inWords,
  saysTheSame,
  worstFirst,
} from "../scan/findings.ts";
import { type Known, keyOfAsked, lookUp, scannerVersion } from "../scan/osv-scanner.ts";
import { type Package, packagesOf, partsOfDatabase } from "../scan/packages.ts";
import { inTurns } from "../turns.ts";
import type { Workspace } from "../workspace.ts";

/**
 * Scan: what is known today against the packages of each published image, by its SBOM. It says; it
 * holds nothing up. A version without an SBOM is left out.
 */

export interface ScanOptions {
  /** Folder or address of the database. */
  database: string;
  /** Where scan.json goes, instead of into the registry. */
  out?: string;
  /** Day of the scan. */
  today: string;
  say: (line: string) => void;
}

export interface Scanned {
  id: string;
  version: string;
  counts: Scan["counts"];
  /** Findings that registry.json wants to be told of. */
  problems: Problem[];
}

interface Listed extends LockedVersion {
  sbom: string;
  packages: Package[];
  unasked: number;
}

// What says the same as before gets a new date after so many days; git is not to be filled with dates.
const renewAfterDays = 7;

/** Scans the named versions, or all, in one go. */
export async function scan(
  names: readonly string[],
  at: Workspace,
  { database: place, out, today, say }: ScanOptions,
): Promise<Scanned[]> {
  const listed = await listPackages(lockedVersions(names, {}, at), say);
  const asked = listed.flatMap(({ packages }) => packages.map(({ asked: one }) => one));
  if (asked.length === 0) return [];
  const distinct = [...new Map(asked.map((one) => [keyOfAsked(one), one])).values()];
  const database = await openDatabase(place, partsOfDatabase(distinct));
  const tool = { name: "osv-scanner", version: await scannerVersion() };
  const known = await lookUp(distinct, database);

  return listed.map((one) => {
    const { id, version, instance } = one;
    const result = resultOf(one, known, { today, tool, date: database.date });
    say(`${id} ${version}: ${inWords(result)}`);
    const own = join(at.registry, "models", id, version, "scan.json");
    keep(result, own, out ? join(out, id, version, "scan.json") : own);
    const least = instance.policy.alarmSeverity;
    const problems = least ? alarms(result, least, own) : [];
    return { id, version, counts: result.counts, problems };
  });
}

/** The packages of each version that has an SBOM. */
async function listPackages(
  versions: readonly LockedVersion[],
  say: ScanOptions["say"],
): Promise<Listed[]> {
  const listed = await inTurns(versions, 8, async (one): Promise<Listed[]> => {
    if (!one.lock) return [];
    const { image, attestations } = one.lock;
    if (!attestations) {
      say(`${one.id} ${one.version}: not scanned, as it has no SBOM`);
      return [];
    }
    const { sbom } = attestations;
    const text = await fetchFirstFile(`${image.name}@${sbom}`);
    return [{ ...one, sbom, ...packagesOf(JSON.parse(text)) }];
  });
  return listed.flat();
}

function resultOf(
  { id, version, sbom, packages, unasked }: Listed,
  known: Map<string, Known[]>,
  { today, tool, date }: Pick<ScanOptions, "today"> & { tool: Scan["tool"]; date: string },
): Scan {
  const findings = packages.flatMap((one) => findingsOf(one, known)).sort(worstFirst);
  return {
    schemaVersion: "1",
    id,
    version,
    sbom,
    scanned: today,
    tool,
    database: {
      name: "OSV",
      date,
      ecosystems: partsOfDatabase(packages.map(({ asked }) => asked)),
    },
    packages: { asked: packages.length, unasked },
    counts: countsOf(findings),
    findings,
  };
}

/** Writes the result, unless the one that is there says the same and is not old. */
function keep(result: Scan, own: string, to: string): void {
  const before = readJson(own) as Scan | undefined;
  const age = before ? Date.parse(result.scanned) - Date.parse(before.scanned) : 0;
  const isSame = before !== undefined && saysTheSame(before, result);
  if (isSame && age < renewAfterDays * 86_400_000) return;
  writeJson(to, result);
}
