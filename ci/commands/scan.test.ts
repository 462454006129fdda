import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogVersion } from "#schema/catalog.ts";
import type { Scan } from "#schema/scan.ts";
import type { InstalledPackage } from "../attest/packages.ts";
import { sbom, sbomType } from "../attest/sbom.ts";
import { answer, badDays } from "../e2e/bad-days.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson, writeJson } from "../files.ts";
import { attachArtifact } from "../images/oci.ts";
import { fetchRecord } from "../records.ts";
import { writeDatabase } from "../scan/fixtures/database.ts";
import { catalog } from "./catalog.ts";
import { scan } from "./scan.ts";

const hasScanner = process.env["MODELHUB_SCANNER"] !== undefined;
if (!hasScanner) console.warn("skipped: scripts/setup found no Go to build osv-scanner with");

const debian = { kind: "deb", architecture: "amd64", distro: "debian-7" } as const;
const packages: InstalledPackage[] = [
  { kind: "pypi", name: "pillow", version: "9.5.0" },
  { kind: "pypi", name: "pyyaml", version: "5.3" },
  { kind: "pypi", name: "numpy", version: "2.4.6" },
  { ...debian, name: "nginx-common", version: "1.2.1-2.2", upstream: "nginx" },
  // Affected by what Debian calls unimportant.
  { ...debian, distro: "debian-13", name: "coreutils", version: "9.7-3" },
  // Its source is another's version, from before the flaw was mended.
  { ...debian, name: "nginx-full", version: "9", upstream: "nginx@1.2.1-2.2+wheezy4" },
];
const days = { PyPI: "2026-11-20", Debian: "2026-11-18", npm: "2026-11-20" };

describe.skipIf(!hasScanner)("a scan of what is published", () => {
  let stage: DoubleStage;
  let database: string;
  let said: string[];

  beforeEach(async () => {
    stage = await DoubleStage.open();
    said = [];
    database = join(stage.folder, "osv");
    await writeDatabase(database, days);
    await stage.publish("tiny-net");
    await listPackages(packages);
  });
  afterEach(() => stage.close());

  const file = (name: string) => join(stage.registry, "models/tiny-net/1.0.0", name);
  const run = (today = "2026-11-21", out?: string) =>
    scan([], stage.at(), {
      ...{ database, today, say: (line: string) => said.push(line) },
      ...(out && { out }),
    });

  /** Gives the published image an SBOM of these packages. */
  async function listPackages(listed: readonly InstalledPackage[]): Promise<void> {
    const lock = readJson(file("lock.json")) as {
      image: { name: string; digest: string };
      record: string;
      attestations: object;
    };
    const { name: image, digest } = lock.image;
    const { record } = await fetchRecord(image, lock.record);
    const engine = [{ name: "hono", version: "4.12.0", purl: "pkg:npm/hono@4.12.0" }];
    const registry = "https://example.org/registry";
    writeJson(
      join(stage.folder, "sbom.json"),
      sbom({ image, record, registry, packages: listed, engine }),
    );
    const files = [{ path: "sbom.json", mediaType: sbomType }];
    const list = await attachArtifact(`${image}@${digest}`, sbomType, stage.folder, files);
    writeJson(file("lock.json"), { ...lock, attestations: { ...lock.attestations, sbom: list } });
  }

  test("tells each known vulnerability, the worst first, with the day of its oldest database", async () => {
    await run();
    const { findings, ...rest } = readJson(file("scan.json")) as Scan;
    expect(rest).toMatchObject({
      scanned: "2026-11-21",
      tool: { name: "osv-scanner" },
      database: { name: "OSV", date: "2026-11-18", ecosystems: ["Debian", "PyPI", "npm"] },
      packages: { asked: 7 },
      counts: { critical: 1, high: 0, medium: 0, low: 0, unknown: 2 },
    });
    expect(findings).toMatchObject([
      {
        id: "GHSA-8q59-q68h-6hv4",
        aliases: ["CVE-2020-14343", "PYSEC-2021-142"],
        severity: "critical",
        summary: "Improper Input Validation in PyYAML",
        fixed: ["5.4"],
      },
      {
        id: "DSA-3029-1",
        package: "nginx-common",
        purl: expect.stringContaining("upstream=nginx"),
        fixed: ["1.2.1-2.2+wheezy3"],
      },
      { id: "PYSEC-2023-175", purl: "pkg:pypi/pillow@9.5.0", severity: "unknown" },
    ]);
    expect(said).toEqual(["tiny-net 1.0.0: 1 critical, 2 unknown (OSV of 2026-11-18)"]);
  });

  test("says when nothing is known", async () => {
    await listPackages(packages.filter(({ name }) => name === "numpy"));
    await run();
    expect((readJson(file("scan.json")) as Scan).findings).toEqual([]);
    expect(said).toEqual(["tiny-net 1.0.0: nothing known (OSV of 2026-11-20)"]);
  });

  test("holds nothing up, and tells the issue of what registry.json names alone", async () => {
    expect((await run()).flatMap(({ problems }) => problems)).toEqual([]);
    const registry = join(stage.registry, "registry.json");
    const instance = readJson(registry) as { policy: object };
    const policy = { ...instance.policy, alarmSeverity: "high" };
    writeJson(registry, { ...instance, policy });
    const [result] = await run();
    expect(result?.problems).toMatchObject([
      {
        expected: "no known vulnerability that is high or worse",
        got: "GHSA-8q59-q68h-6hv4, CVE-2020-14343, PYSEC-2021-142 (critical) in pyyaml 5.3",
        hint: expect.stringContaining("fixed in 5.4"),
      },
    ]);
  });

  test("what says the same as before gets a new date only after a week", async () => {
    await run();
    const dateAfter = async (today: string) => {
      await run(today);
      return (readJson(file("scan.json")) as Scan).scanned;
    };
    expect(await dateAfter("2026-11-27")).toBe("2026-11-21");
    expect(await dateAfter("2026-11-28")).toBe("2026-11-28");
    await listPackages(packages.slice(1));
    expect(await dateAfter("2026-11-29")).toBe("2026-11-29");
  });

  test("the catalog tells it, until another image is published that nobody has looked at", async () => {
    await run();
    const folder = join(stage.folder, "catalog");
    const told = async () => {
      await catalog(stage.at(), folder);
      const page = readJson(join(folder, "api/v1/models/tiny-net/1.0.0.json")) as CatalogVersion;
      return page.built?.scan?.counts;
    };
    expect(await told()).toMatchObject({ critical: 1, unknown: 2 });
    await listPackages(packages.slice(1));
    expect(await told()).toBeUndefined();
  });

  test("writes elsewhere when it is told so", async () => {
    const out = join(stage.folder, "scans");
    await run("2026-11-21", out);
    expect(existsSync(file("scan.json"))).toBe(false);
    expect(existsSync(join(out, "tiny-net/1.0.0/scan.json"))).toBe(true);
  });

  // It only reads.
  const badForReading = Object.entries(badDays).filter(([what]) => !/write|mounts/.test(what));

  test.each(badForReading)(
    "with %s, the packages of every version are read",
    async (_, happens) => {
      happens(stage.double);
      await run();
      expect(said).toEqual(["tiny-net 1.0.0: 1 critical, 2 unknown (OSV of 2026-11-18)"]);
    },
  );

  test("from a registry that stays busy, or holds other bytes, no scan is written", async () => {
    const always = { times: Number.POSITIVE_INFINITY };
    stage.double.break(answer(503), always);
    await expect(run()).rejects.toMatchObject({ exitCode: 75 });
    stage.double.mend();
    stage.double.break({ kind: "wrongBytes" }, always);
    await expect(run()).rejects.toThrow("holds other bytes");
    expect(existsSync(file("scan.json"))).toBe(false);
  });

  test("without a part of the database nothing is written, and the same may work later", async () => {
    rmSync(join(database, "Debian"), { recursive: true });
    await expect(run()).rejects.toMatchObject({ exitCode: 75 });
    expect(existsSync(file("scan.json"))).toBe(false);
  });

  test("a part of the database that can't be read is no part without findings", async () => {
    writeFileSync(join(database, "PyPI", "all.zip"), "broken");
    await expect(run()).rejects.toThrow("osv-scanner read no database for PyPI");
    expect(existsSync(file("scan.json"))).toBe(false);
  });
});
