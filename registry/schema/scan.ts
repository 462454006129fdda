import { z } from "zod";
import { Day, Digest, Id, schemaVersion, Version } from "./primitives.ts";

/** From the worst; `unknown` is what the database gives no score. */
export const severities = ["critical", "high", "medium", "low", "unknown"] as const;

export const Severity = z
  .enum(severities)
  .describe(
    "By CVSS: critical from 9, high from 7, medium from 4, low below; unknown without a score.",
  );

export const Finding = z
  .strictObject({
    id: z.string().min(1).max(100).describe("The advisory, such as GHSA-… or DEBIAN-CVE-…."),
    aliases: z
      .array(z.string().min(1).max(100))
      .describe("Further names of the same vulnerability, such as CVE-…."),
    severity: Severity,
    summary: z.string().max(300).optional().describe("What it is, in the advisory's words."),
    package: z.string().min(1).max(200).describe("Name of the package."),
    version: z.string().min(1).max(200).describe("Its version in the image."),
    purl: z.string().min(1).max(500).describe("Its package URL, as in the SBOM."),
    fixed: z.array(z.string().min(1).max(200)).describe("Versions that are without it, if any."),
  })
  .describe("A known vulnerability of a package in the image.");

/** `scan.json`: what is known against the packages of a published image; written by `scan`. */
export const Scan = z
  .strictObject({
    schemaVersion,
    id: Id,
    version: Version,
    sbom: Digest.describe("The SBOM whose packages were looked up, as in lock.json."),
    scanned: Day.describe("Day of the scan."),
    tool: z
      .strictObject({
        name: z.string().min(1).max(60).describe("Name of the scanner."),
        version: z.string().min(1).max(60).describe("Its version."),
      })
      .describe("What scanned."),
    database: z
      .strictObject({
        name: z.string().min(1).max(60).describe("Name of the database."),
        date: Day.describe("Day of the oldest part of it that was asked."),
        ecosystems: z.array(z.string().min(1).max(60)).describe("The parts that were asked."),
      })
      .describe("Where the vulnerabilities are known from."),
    packages: z
      .strictObject({
        asked: z.number().int().min(0).describe("Packages that the database was asked about."),
        unasked: z
          .number()
          .int()
          .min(0)
          .describe("Packages of kinds that it knows nothing of, such as the weights."),
      })
      .describe("How many packages the SBOM has."),
    counts: z
      .strictObject({
        critical: z.number().int().min(0).describe("Findings of that severity."),
        high: z.number().int().min(0).describe("Findings of that severity."),
        medium: z.number().int().min(0).describe("Findings of that severity."),
        low: z.number().int().min(0).describe("Findings of that severity."),
        unknown: z.number().int().min(0).describe("Findings without a score."),
      })
      .describe("Findings by severity."),
    findings: z.array(Finding).describe("The findings, the worst first."),
  })
  .describe("scan.json: known vulnerabilities of a published image, with the day of the scan.");

export type Scan = z.infer<typeof Scan>;
export type Finding = z.infer<typeof Finding>;
export type Severity = z.infer<typeof Severity>;
