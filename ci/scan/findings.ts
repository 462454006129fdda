import { type Finding, type Scan, type Severity, severities } from "#schema/scan.ts";
import type { Problem } from "../problems.ts";
import { type Known, keyOfAsked } from "./osv-scanner.ts";
import type { Package } from "./packages.ts";

/** The findings about one package of an image. */
export function findingsOf(
  { asked, name, version, purl }: Package,
  known: Map<string, Known[]>,
): Finding[] {
  const found = known.get(keyOfAsked(asked)) ?? [];
  return found.map(({ id, aliases, severity, summary, fixed }) => ({
    id,
    aliases,
    severity,
    ...(summary && { summary }),
    package: name,
    version,
    purl,
    fixed,
  }));
}

/** Order of findings. */
export function worstFirst(one: Finding, other: Finding): number {
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return rank(one) - rank(other) || (key(one) < key(other) ? -1 : 1);
}

const key = ({ id, purl }: Finding) => `${id} ${purl}`;

/** How many there are of each severity. */
export function countsOf(findings: readonly Finding[]): Scan["counts"] {
  const count = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity).length;
  const counts = severities.map((severity) => [severity, count(severity)]);
  return Object.fromEntries(counts) as Scan["counts"];
}

/** A scan in a line. */
export function inWords({ counts, database }: Scan): string {
  const some = severities.filter((severity) => counts[severity] > 0);
  const found = some.map((severity) => `${counts[severity]} ${severity}`).join(", ");
  return `${found || "nothing known"} (${database.name} of ${database.date})`;
}

/** Whether two scans differ by their days alone. */
export function saysTheSame(one: Scan, other: Scan): boolean {
  const said = ({ sbom, packages, findings }: Scan) => JSON.stringify([sbom, packages, findings]);
  return said(one) === said(other);
}

/** The findings of at least a severity, as the nightly issue tells them. */
export function alarms({ findings }: Scan, least: Severity, file: string): Problem[] {
  const told = severities.slice(0, severities.indexOf(least) + 1);
  return findings
    .filter(({ severity }) => told.includes(severity))
    .map(({ id, aliases, severity, package: name, version, fixed }) => ({
      file,
      key: name,
      expected: `no known vulnerability that is ${least} or worse`,
      got: `${[id, ...aliases].join(", ")} (${severity}) in ${name} ${version}`,
      hint:
        fixed.length > 0
          ? `it is fixed in ${fixed.join(", ")}: a new version of the model can take that`
          : "no version of the package is without it yet",
    }));
}
