import { PackageURL } from "packageurl-js";
import { z } from "zod";

/** What an SBOM says of a package, as far as a scan reads it. */
const Spdx = z.object({
  packages: z.array(
    z.object({
      externalRefs: z
        .array(z.object({ referenceType: z.string(), referenceLocator: z.string() }))
        .default([]),
    }),
  ),
});

/** A package of an image, and what the database calls it. */
export interface Package {
  /** The SBOM's own address for it. */
  purl: string;
  name: string;
  version: string;
  asked: Asked;
}

/** A package by the database's words. */
export interface Asked {
  /** Such as PyPI, or Debian:13. */
  ecosystem: string;
  name: string;
  version: string;
}

/** The packages of an SPDX document that the database can be asked about, and how many others there are. */
export function packagesOf(sbom: unknown): { packages: Package[]; unasked: number } {
  const listed = Spdx.parse(sbom).packages;
  const packages = listed.flatMap(({ externalRefs }) => {
    const found = externalRefs.find(({ referenceType }) => referenceType === "purl");
    return found ? read(found.referenceLocator) : [];
  });
  return { packages, unasked: listed.length - packages.length };
}

function read(purl: string): Package[] {
  const { type, namespace, name: own, version: at, qualifiers } = PackageURL.fromString(purl);
  const name = namespace && type === "npm" ? `${namespace}/${own}` : own;
  const version = at ?? "";
  const asked = askedFor(type, { name, version }, qualifiers ?? {});
  return asked ? [{ purl, name, version, asked }] : [];
}

function askedFor(
  type: string,
  { name, version }: { name: string; version: string },
  { distro, upstream }: Partial<Record<string, string>>,
): Asked | undefined {
  if (type === "pypi") return { ecosystem: "PyPI", name, version };
  if (type === "npm") return { ecosystem: "npm", name, version };
  const [, release] = /^debian-(\d+)$/.exec(distro ?? "") ?? [];
  if (type !== "deb" || !release) return undefined;
  // Debian's advisories speak of source packages, of which a package here is a part.
  const [source = name, ofSource = version] = upstream?.split("@") ?? [];
  return { ecosystem: `Debian:${release}`, name: source, version: ofSource };
}

/** The parts of the database that hold these packages' ecosystems: the releases of Debian are in one. */
export function partsOfDatabase(asked: readonly Asked[]): string[] {
  return [...new Set(asked.map(({ ecosystem }) => ecosystem.split(":")[0] ?? ecosystem))].sort();
}
