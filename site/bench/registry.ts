import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { card } from "#ci/catalog/card.ts";
import { newest } from "#ci/catalog/versions.ts";
import { writeApi } from "#ci/catalog/write-api.ts";
import type { Catalog, CatalogVersion } from "#schema/catalog.ts";
import { catalog, models, writeCatalog } from "../e2e/catalog.ts";

const names = [
  "Aurora",
  "Birch",
  "Cobalt",
  "Delta",
  "Ember",
  "Fjord",
  "Garnet",
  "Heron",
  "Iris",
  "Juniper",
];
const tasks = [
  "segmentation",
  "image-classification",
  "object-detection",
  "embedding",
  "regression",
] as const;
const fields = [
  "radiology",
  "pathology",
  "microscopy",
  "agriculture",
  "remote sensing",
  "astronomy",
];
const licenses = ["Apache-2.0", "MIT", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-NC-4.0"];

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

/** Writes a catalog of `size` models, made from those of the tests; how long the API alone took comes back. */
export function writeLargeCatalog(folder: string, size: number): { apiSeconds: number } {
  // The samples' files are those of the tests: every model shows the picture of the one it was made from.
  writeCatalog(folder);
  const api = join(folder, "api/v1");
  const versions = Array.from({ length: size }, (_, at) => variant(at));
  for (const version of versions) {
    write(join(api, "models", version.id, `${version.version}.json`), version);
    write(join(api, "models", `${version.id}.json`), version);
  }
  const list: Catalog = {
    ...catalog,
    models: versions
      .map((version) => card(newest([version])))
      .sort((a, b) => a.title.localeCompare(b.title, "en")),
  };
  const start = performance.now();
  writeApi(list, versions, api);
  return { apiSeconds: (performance.now() - start) / 1000 };
}

const originals = models.map(({ versions }) => newest(versions)).filter(({ built }) => built);

function variant(at: number): CatalogVersion {
  const model = structuredClone(pick(originals, at));
  const title = `${pick(names, at)} ${pick(names, Math.floor(at / 10))} ${at}`;
  Object.assign(model, { id: `generated-${at}`, version: "1.0.0", versions: ["1.0.0"] });
  model.entry = { ...model.entry, title };
  const { built } = model;
  if (!built) throw new Error("only built models are copied");
  Object.assign(built.record.config, {
    title,
    task: pick(tasks, at),
    domain: pick(fields, at >> 1),
    licenses: { ...built.record.config.licenses, weights: pick(licenses, at >> 2) },
    authors: [{ given: pick(names, at >> 3), family: `Author${at % 997}` }],
  });
  for (const report of built.record.reports) {
    report.peakMemoryBytes = 50e6 * (1 + (at % 97));
    report.predictSeconds = 0.001 * (1 + (at % 613));
  }
  return model;
}

function write(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}
