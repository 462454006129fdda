import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog, CatalogVersion } from "#schema/catalog.ts";

// Documents are taken as the catalog wrote them: to check each would take a third of a large build.

export function readCatalog(folder: string): Catalog {
  return readJson(join(folder, "api/v1/models.json")) as Catalog;
}

/** Every version of every model by id; also of models that the list leaves out since all is yanked. */
export function readVersions(folder: string): Map<string, CatalogVersion[]> {
  const models = join(folder, "api/v1/models");
  const ids = readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(ids.map(({ name }) => [name, readModel(join(models, name))]));
}

function readModel(folder: string): CatalogVersion[] {
  const versions = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => withoutCopies(readJson(join(folder, file)) as CatalogVersion));
  const order = versions[0]?.versions ?? [];
  return versions.sort((a, b) => order.indexOf(a.version) - order.indexOf(b.version));
}

/** Every report has the outputs that stand with the samples; of thousands of models, that fills the memory. */
function withoutCopies(version: CatalogVersion): CatalogVersion {
  const { reports = [], weights = [] } = version.built?.record ?? {};
  for (const { samples } of reports) for (const sample of samples) sample.outputs = [];
  // Drawings of networks are fetched by those who ask for one.
  for (const { network } of weights) delete network?.graph;
  return version;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
