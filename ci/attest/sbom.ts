import { PackageURL } from "packageurl-js";
import parseLicense from "spdx-expression-parse";
import type { Record as ModelRecord } from "#schema/record.ts";
import type { InstalledPackage } from "./packages.ts";

/**
 * The SBOM: SPDX 2.3 of all that is in a deployment image. Its name and time follow from the image,
 * so that the same image gives the same bytes. https://spdx.github.io/spdx-spec/v2.3/
 */

export const sbomType = "application/spdx+json";

/** One thing in the image, as SPDX describes a package. */
export interface Component {
  name: string;
  version: string;
  /** Package URL, where the thing has one. */
  purl?: string;
  license?: string;
  sha256?: string;
}

export interface SbomInput {
  /** Image name without tag. */
  image: string;
  record: ModelRecord;
  /** Git repository of the registry; documents are named below it. */
  registry: string;
  /** What the runtime image holds. */
  packages: readonly InstalledPackage[];
  /** The engine, and all that is shipped with it. */
  engine: readonly Component[];
}

/** All software in an image as an SPDX 2.3 document; the same image and record give the same bytes. */
export function sbom({ image, record, registry, packages, engine }: SbomInput): object {
  const { id, version, config } = record;
  const hash = record.image.digest.replace("sha256:", "");
  const own = { name: id, version, license: config.licenses.code };
  const weights = record.weights.map(({ id: name, sha256 }) => ({
    name: `${id}/weights/${name}`,
    version,
    license: config.licenses.weights,
    sha256,
  }));
  const components = [own, ...weights, ...engine, ...packages.map(component)];
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${id} ${version}`,
    documentNamespace: `${registry}/sbom/${id}/${version}/${hash}`,
    // The hour of the scan says nothing about the image, and would give each run a digest of its own.
    creationInfo: { created: "1970-01-01T00:00:00Z", creators: ["Tool: modelhub"] },
    packages: [
      {
        ...spdxPackage({ name: image, version, sha256: hash, purl: imagePurl(image, hash) }),
        SPDXID: "SPDXRef-image",
        primaryPackagePurpose: "CONTAINER",
      },
      ...components.map((item, index) => ({
        ...spdxPackage(item),
        SPDXID: `SPDXRef-package-${index}`,
      })),
    ],
    relationships: [
      relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-image"),
      ...components.map((_, index) =>
        relationship("SPDXRef-image", "CONTAINS", `SPDXRef-package-${index}`),
      ),
    ],
  };
}

function component(item: InstalledPackage): Component {
  const { kind, name, version, architecture, distro, upstream, license } = item;
  const namespace = kind === "deb" ? "debian" : undefined;
  const qualifiers = {
    ...(architecture && { arch: architecture }),
    ...(distro && { distro }),
    // Advisories speak of source packages; Syft and Grype say it by this word too.
    ...(upstream && { upstream }),
  };
  const purl = new PackageURL(kind, namespace, name, version, qualifiers, undefined).toString();
  return { name, version, purl, ...(license && { license }) };
}

/** The package URL of a published image by digest. */
export function imagePurl(image: string, hash: string): string {
  const name = image.slice(image.lastIndexOf("/") + 1);
  const qualifiers = { repository_url: image };
  return new PackageURL("oci", undefined, name, `sha256:${hash}`, qualifiers, undefined).toString();
}

function spdxPackage({ name, version, purl, license, sha256 }: Component) {
  return {
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: license && isExpression(license) ? license : "NOASSERTION",
    copyrightText: "NOASSERTION",
    ...(sha256 && { checksums: [{ algorithm: "SHA256", checksumValue: sha256 }] }),
    ...(purl && {
      externalRefs: [
        {
          referenceCategory: "PACKAGE-MANAGER",
          referenceType: "purl",
          referenceLocator: purl,
        },
      ],
    }),
  };
}

function isExpression(license: string): boolean {
  try {
    parseLicense(license);
    return true;
  } catch {
    return false;
  }
}

function relationship(from: string, relationshipType: string, to: string) {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}
