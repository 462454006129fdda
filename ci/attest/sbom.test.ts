import { PackageURL } from "packageurl-js";
import { expect, test } from "vitest";
import minimal from "#schema/fixtures/record/valid/minimal.json" with { type: "json" };
import type { Record as ModelRecord } from "#schema/record.ts";
import type { InstalledPackage } from "./packages.ts";
import { sbom } from "./sbom.ts";

interface Spdx {
  documentNamespace: string;
  creationInfo: { created: string };
  packages: {
    SPDXID: string;
    name: string;
    licenseDeclared: string;
    checksums?: { checksumValue: string }[];
    externalRefs?: { referenceLocator: string }[];
  }[];
  relationships: { relatedSpdxElement: string }[];
}

const record = minimal as unknown as ModelRecord;
const packages: InstalledPackage[] = [
  { kind: "deb", name: "g++", version: "4:14.2.0-1", architecture: "amd64" },
  { kind: "pypi", name: "numpy", version: "2.1.0", license: "BSD-3-Clause" },
  { kind: "pypi", name: "odd", version: "1", license: "BSD, roughly" },
];
const engine = [{ name: "node", version: "22.1.0", license: "MIT" }];

test("the same image gives the same document, with its name from the digest and a fixed time", () => {
  const [one, other] = [make(), make()];
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  const hash = record.image.digest.replace("sha256:", "");
  expect(one.documentNamespace).toBe(
    `https://example.org/registry/sbom/${record.id}/${record.version}/${hash}`,
  );
  expect(one.creationInfo.created).toBe("1970-01-01T00:00:00Z");
});

test("it lists the model, its weights, the engine and every package", () => {
  const { packages: listed, relationships } = make();
  const names = [record.id, ...record.weights.map(({ id }) => `${record.id}/weights/${id}`)];
  expect(listed.slice(1).map(({ name }) => name)).toEqual([
    ...names,
    "node",
    ...["g++", "numpy", "odd"],
  ]);
  expect(listed[2]?.checksums?.[0]?.checksumValue).toBe(record.weights[0]?.sha256);
  expect(relationships.map(({ relatedSpdxElement }) => relatedSpdxElement)).toEqual(
    listed.map(({ SPDXID }) => SPDXID),
  );
});

test("each address of a package can be read back", () => {
  const addresses = make().packages.flatMap(({ externalRefs = [] }) =>
    externalRefs.map(({ referenceLocator }) => PackageURL.fromString(referenceLocator)),
  );
  expect(addresses.map(({ type, name, version }) => [type, name, version])).toEqual([
    ["oci", "tiny-net", record.image.digest],
    ["deb", "g++", "4:14.2.0-1"],
    ["pypi", "numpy", "2.1.0"],
    ["pypi", "odd", "1"],
  ]);
});

test("a licence that is no SPDX expression is not asserted", () => {
  const licences = make().packages.map(({ name, licenseDeclared }) => [name, licenseDeclared]);
  expect(Object.fromEntries(licences)).toMatchObject({
    numpy: "BSD-3-Clause",
    odd: "NOASSERTION",
    node: "MIT",
  });
});

function make(): Spdx {
  const image = "registry.example.org/test/models/tiny-net";
  const registry = "https://example.org/registry";
  return sbom({ image, record, registry, packages, engine }) as Spdx;
}
