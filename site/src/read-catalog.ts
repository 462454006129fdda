import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Catalog, type CatalogVersion } from "#schema/catalog.ts";
import { withoutExtensions } from "#schema/documents.ts";

export function readCatalog(folder: string): Catalog {
  return Catalog.parse(withoutExtensions(readJson(join(folder, "api/v1/models.json"))));
}

/**
 * Every version of every model by id; also of models that the list leaves out since all is yanked.
 * They are taken as the catalog wrote them: to check each would take a third of a large build.
 */
export function readVersions(folder: string): Map<string, CatalogVersion[]> {
  const models = join(folder, "api/v1/models");
  const ids = readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(ids.map(({ name }) => [name, readModel(join(models, name))]));
}

function readModel(folder: string): CatalogVersion[] {
  const versions = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => readJson(join(folder, file)) as CatalogVersion);
  const order = versions[0]?.versions ?? [];
  return versions.sort((a, b) => order.indexOf(a.version) - order.indexOf(b.version));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
