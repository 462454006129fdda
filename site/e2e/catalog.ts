import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCurated } from "#ci/catalog/curated.ts";
import { newest } from "#ci/catalog/versions.ts";
import { writeApi } from "#ci/catalog/write-api.ts";
import type { Catalog } from "#schema/catalog.ts";
import { digest } from "./catalog/hashes.ts";
import { publish } from "./catalog/publish.ts";
import { type Sketch, sketches } from "./catalog/sketches.ts";
import { curatedOf } from "./curated.ts";

/**
 * A catalog to develop and test with: `node site/e2e/catalog.ts FOLDER` writes it. It holds one model
 * for each state that a page can be in, not one for each model there is.
 */

const registry: Catalog["registry"] = {
  schemaVersion: "1",
  name: "ModelHub",
  summary: "Runnable deep-learning models, each in a container, registered by reference.",
  repository: "https://github.com/modelhub-registry/modelhub",
  site: "https://modelhub-registry.github.io/modelhub/",
  images: "ghcr.io/modelhub-registry/modelhub",
  platforms: ["linux/amd64", "linux/arm64"],
  policy: {
    maxFileBytes: 10_485_760,
    maxFolderBytes: 52_428_800,
    maxWeightsBytes: 4_294_967_296,
    maxMemoryMB: 8192,
  },
};

type Published = ReturnType<typeof publish>;

export const models = sketches.map(publish);
export const catalog = catalogOf(models);

function catalogOf(models: readonly Published[]): Catalog {
  const cards = models.map(({ card }) => card);
  return {
    schemaVersion: "1",
    registry,
    models: cards.sort((a, b) => a.title.localeCompare(b.title, "en")),
  };
}

export function writeCatalog(folder: string, from: readonly Sketch[] = sketches): void {
  const api = join(folder, "api/v1");
  const models = from.map(publish);
  const versions = models.flatMap(({ versions }) => versions);
  for (const { config, versions, results = {} } of from) {
    for (const version of versions) {
      for (const { input } of Object.values(results)) {
        write(join(api, "models", config.id, version, input.file), input.content);
      }
    }
  }
  writeApi(catalogOf(models), versions, api);
  const newestOnes = models.map((model) => newest(model.versions));
  writeCurated(curatedOf(digest), newestOnes, api);
}

function write(file: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder) writeCatalog(folder);
