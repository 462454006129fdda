import { readdirSync } from "node:fs";
import { join } from "node:path";
import { card } from "#ci/catalog/card.ts";
import { newest } from "#ci/catalog/versions.ts";
import { writeDocuments, writeForOthers } from "#ci/catalog/write-api.ts";
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

/** What writing a part of the static API took. */
export interface Written {
  part: string;
  files: number;
  "CPU s": number;
  "wall s": number;
  "CPU s for 5,000": number;
}

/** Writes a catalog of `size` models, made from those of the tests; what writing the API took comes back. */
export function writeLargeCatalog(folder: string, size: number): Written[] {
  // The samples' files are those of the tests: every model shows the picture of the one it was made from.
  writeCatalog(folder);
  const api = join(folder, "api/v1");
  const versions = Array.from({ length: size }, (_, at) => variant(at));
  const list: Catalog = {
    ...catalog,
    models: versions
      .map((version) => card(newest([version])))
      .sort((a, b) => a.title.localeCompare(b.title, "en")),
  };
  const parts = {
    "list, versions, search": () => writeDocuments(list, versions, api),
    "exports, badges, cards, feeds": () => writeForOthers(list, versions, api),
  };
  return Object.entries(parts).map(([part, write]) => {
    const before = filesBelow(api);
    const start = performance.now();
    const startCpu = process.cpuUsage();
    write();
    const { user, system } = process.cpuUsage(startCpu);
    const seconds = (user + system) / 1e6;
    return {
      part,
      files: filesBelow(api) - before,
      "CPU s": round(seconds),
      "wall s": round((performance.now() - start) / 1000),
      "CPU s for 5,000": round((seconds / size) * 5000),
    };
  });
}

const filesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;

const round = (value: number): number => Number(value.toFixed(2));

// No two registries' texts are alike: every summary has words that no other model has, as real ones do.
const vocabulary = [
  ...new Set(
    JSON.stringify(models)
      .toLowerCase()
      .match(/\b[a-z]{4,12}\b/g),
  ),
];
const syllables = ["ba", "cor", "den", "fi", "gra", "hol", "ki", "lum", "mer", "no", "pul", "ris"];

function summaryOf(at: number): string {
  const words = Array.from({ length: 12 }, (_, place) => pick(vocabulary, spread(at * 12 + place)));
  const rare = [0, 1, 2].map((place) => pick(syllables, spread(at + place * 7919))).join("");
  return `Finds ${rare} in ${words.join(" ")}.`;
}

/** A number that follows from another without any order to be seen. */
const spread = (seed: number): number => Math.imul(seed + 1, 2_654_435_761) >>> 7;

const originals = models.map(({ versions }) => newest(versions)).filter(({ built }) => built);

// Ours draws these as pictures while it builds, and the other generators have nothing for that.
const drawnTypes = new Set(["mask", "heatmap", "contour", "bounding_boxes", "keypoints"]);

function variant(at: number): CatalogVersion {
  const model = structuredClone(pick(originals, at));
  const title = `${pick(names, at)} ${pick(names, Math.floor(at / 10))} ${at}`;
  Object.assign(model, { id: `generated-${at}`, version: "1.0.0", versions: ["1.0.0"] });
  model.entry = { ...model.entry, title };
  const { built } = model;
  if (!built) throw new Error("only built models are copied");
  for (const sample of built.samples)
    sample.outputs = sample.outputs.filter(({ type }) => !drawnTypes.has(type));
  Object.assign(built.record.config, {
    title,
    summary: summaryOf(at),
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
