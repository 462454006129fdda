import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PackageURL } from "packageurl-js";
import { z } from "zod";
import { type Severity, severities } from "#schema/scan.ts";
import { OursError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { run } from "../process.ts";
import type { Database } from "./database.ts";
import type { Asked } from "./packages.ts";

/** OSV-Scanner: looks packages up in a copy of the database, without a network. */

/** What is known against a package. */
export interface Known {
  id: string;
  aliases: string[];
  severity: Severity;
  summary?: string;
  fixed: string[];
}

const Advisory = z.object({
  id: z.string(),
  summary: z.string().optional(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
        ranges: z
          .array(
            z.object({
              type: z.string(),
              events: z.array(z.object({ fixed: z.string().optional() })),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

const Output = z.object({
  results: z.array(
    z.object({
      packages: z.array(
        z.object({
          package: z.object({ name: z.string(), version: z.string(), ecosystem: z.string() }),
          vulnerabilities: z.array(Advisory).default([]),
          groups: z.array(
            z.object({
              ids: z.array(z.string()),
              aliases: z.array(z.string()).default([]),
              max_severity: z.string().default(""),
              experimental_analysis: z
                .record(z.string(), z.object({ unimportant: z.boolean().default(false) }))
                .default({}),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Found = z.infer<typeof Output>["results"][number]["packages"][number];

/** The scanner's version. Throws where set-up has not made it. */
export async function scannerVersion(): Promise<string> {
  const said = await run(scanner(), ["--version"]);
  const [, version] = /osv-scanner version: (\S+)/.exec(said) ?? [];
  if (!version) throw new OursError(`expected a version of osv-scanner, got ${said}`);
  return version;
}

/** What is known against each package, by `keyOfAsked`; packages without a finding are left out. */
export async function lookUp(
  asked: readonly Asked[],
  database: Database,
): Promise<Map<string, Known[]>> {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-scan-"));
  try {
    // The scanner's own name for the folder of its database.
    symlinkSync(resolve(database.folder), join(folder, "osv-scalibr"));
    const list = join(folder, "packages.spdx.json");
    writeJson(list, spdxOf(asked));
    const { results } = Output.parse(JSON.parse(await scan(list, database, folder)));
    const found = results.flatMap(({ packages }) => packages);
    return new Map(found.map((one) => [keyOfAsked(one.package), knownOf(one)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A package as one text, for a Map. */
export function keyOfAsked({ ecosystem, name, version }: Asked): string {
  return `${ecosystem} ${name} ${version}`;
}

/** The scanner's report. It goes on without a part of the database that it can't read; we don't. */
async function scan(list: string, { ecosystems }: Database, folder: string): Promise<string> {
  const args = ["scan", "source", "--offline", "--local-db-path", folder];
  const loaded: string[] = [];
  const said: string[] = [];
  const report = await run(scanner(), [...args, "--format", "json", "--lockfile", list], {
    // By 1 it says that it found something.
    goodExitCodes: [1],
    onLine(line) {
      said.push(line);
      loaded.push(...(/^Loaded (\S+) local db/.exec(line)?.slice(1) ?? []));
    },
  });
  const unread = ecosystems.filter((name) => !loaded.includes(name));
  if (unread.length === 0) return report;
  throw new OursError(
    `osv-scanner read no database for ${unread.join(", ")}, so what it found is not all\n${said.map((line) => `  ${line}`).join("\n")}`,
  );
}

function scanner(): string {
  const folder = process.env["MODELHUB_SCANNER"];
  if (folder && existsSync(folder)) return folder;
  throw new OursError(
    "expected osv-scanner to look packages up with, got none\n  hint: `scripts/setup --scanner` makes it",
  );
}

function knownOf({ package: asked, vulnerabilities, groups }: Found): Known[] {
  // It lists what Debian calls unimportant, and does not count it.
  const counted = groups.filter(
    ({ experimental_analysis: analysis }) =>
      !Object.values(analysis).some(({ unimportant }) => unimportant),
  );
  return counted.map(({ ids, aliases, max_severity: score }) => {
    const advisories = vulnerabilities.filter(({ id }) => ids.includes(id));
    const [id = ""] = ids;
    const summary = advisories.find((one) => one.summary)?.summary;
    return {
      id,
      aliases: [...new Set([...ids, ...aliases])].filter((other) => other !== id).sort(),
      severity: severityOf(Number(score)),
      ...(summary && { summary: summary.slice(0, 300) }),
      fixed: fixedIn(advisories, asked),
    };
  });
}

function fixedIn(advisories: Found["vulnerabilities"], { ecosystem, name }: Asked): string[] {
  const versions = advisories.flatMap(({ affected }) =>
    affected
      .filter((one) => one.package?.ecosystem === ecosystem && one.package.name === name)
      .flatMap(({ ranges }) => ranges.filter(({ type }) => type !== "GIT"))
      .flatMap(({ events }) => events.flatMap(({ fixed }) => fixed ?? [])),
  );
  return [...new Set(versions)];
}

/** CVSS's words for its scores. https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale */
function severityOf(score: number): Severity {
  const least = { critical: 9, high: 7, medium: 4, low: 0.1 } as const;
  return severities.find((name) => name !== "unknown" && score >= least[name]) ?? "unknown";
}

/** A list of packages as the scanner reads it. */
function spdxOf(asked: readonly Asked[]): object {
  return {
    spdxVersion: "SPDX-2.3",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "packages",
    packages: asked.map((one, index) => ({
      name: one.name,
      SPDXID: `SPDXRef-${index}`,
      versionInfo: one.version,
      downloadLocation: "NOASSERTION",
      externalRefs: [
        {
          referenceCategory: "PACKAGE-MANAGER",
          referenceType: "purl",
          referenceLocator: purlOf(one),
        },
      ],
    })),
  };
}

function purlOf({ ecosystem, name, version }: Asked): string {
  const [, release] = /^Debian:(\d+)$/.exec(ecosystem) ?? [];
  if (release) {
    const distro = { distro: `debian-${release}` };
    return new PackageURL("deb", "debian", name, version, distro, undefined).toString();
  }
  const [scope, own] = name.startsWith("@") ? name.split("/") : [undefined, name];
  const type = ecosystem.toLowerCase();
  return new PackageURL(type, scope, own ?? name, version, undefined, undefined).toString();
}
