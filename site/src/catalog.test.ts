import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Catalog, CatalogVersion } from "#schema/catalog.ts";
import { readNpy } from "#viewers/npy.ts";
import { models, writeCatalog } from "../e2e/catalog.ts";
import { readCatalog, readVersions } from "./read-catalog.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-catalog-"));
  writeCatalog(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the test catalog is as the schema says", () => {
  const list = readCatalog(folder);
  expect(() => Catalog.parse(list)).not.toThrow();
  expect(list.models).toHaveLength(models.length);
  const versions = [...readVersions(folder).values()].flat();
  for (const version of versions) expect(() => CatalogVersion.parse(version)).not.toThrow();
  expect(new Set(versions.map(({ id }) => id)).size).toBe(models.length);
});

test("versions come newest first, as the catalog orders them", () => {
  const versions = readVersions(folder).get("efficientnet-lite0");
  expect(versions?.map(({ version }) => version)).toEqual([
    "1.1.0",
    "1.0.2",
    "1.0.1",
    "1.0.0",
    "0.9.0",
  ]);
});

test("every file that a sample names is there with the bytes that it should have", () => {
  const inputs = readCatalog(folder).models.flatMap(({ sample }) => sample?.inputs ?? []);
  expect(inputs.length).toBeGreaterThan(3);
  for (const { file, bytes } of inputs) {
    expect(readFileSync(join(folder, "api/v1", file)).byteLength).toBe(bytes);
  }
});

test("reads an array file, and only one", () => {
  const file = readFileSync(join(folder, "api/v1/models/silero-vad/6.2.3/words.npy"));
  const numbers = readNpy(file)?.data;
  expect(numbers).toHaveLength(16_000);
  expect(Math.max(...Array.from(numbers ?? []))).toBeLessThanOrEqual(1);
  expect(readNpy(Buffer.from("not an array"))).toBeUndefined();
  expect(readNpy(Buffer.alloc(0))).toBeUndefined();
});
