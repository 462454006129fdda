import { join } from "node:path";
import type { CatalogCard, CatalogVersion } from "#schema/catalog.ts";
import { readCatalog, readVersions } from "./read-catalog.ts";

/** The catalog, read once a build: pages get their part of it as props. */

const folder = process.env["MODELHUB_CATALOG"];
if (folder === undefined) {
  throw new Error(
    "MODELHUB_CATALOG is not set\nhint: it names the folder that holds api/v1/models.json",
  );
}

export const catalog = readCatalog(folder);
export const { registry } = catalog;

const versions = readVersions(folder);
const cards = new Map(catalog.models.map((card) => [card.id, card]));

/** One version with what its page must know of its surroundings. */
export interface VersionPage {
  model: CatalogVersion;
  /** Absent where every version is yanked. */
  card: CatalogCard | undefined;
  /** The version that the model's own address shows. */
  newest: string;
  siblings: Sibling[];
  /** The model to use in place of a deprecated one, if the catalog has it. */
  successor: CatalogCard | undefined;
}

export interface Sibling {
  version: string;
  yanked: string | undefined;
  digest: string | undefined;
}

export const pages: VersionPage[] = [...versions].flatMap(([id, models]) => {
  const card = cards.get(id);
  const siblings = models.map(({ version, yanked, built }) => ({
    version,
    yanked,
    digest: built?.lock.image.digest,
  }));
  return models.map((model) => ({
    model,
    card,
    newest: card?.version ?? model.versions[0] ?? model.version,
    siblings,
    successor: successorOf(model),
  }));
});

export const newestPages = pages.filter(({ model, newest }) => model.version === newest);

/** Where a file of the API lies while the site is built. */
export function apiPath(file: string): string {
  return join(folder ?? "", "api/v1", file);
}

function successorOf({ entry }: CatalogVersion): CatalogCard | undefined {
  const { status } = entry;
  return status?.state === "deprecated" && status.successor
    ? cards.get(status.successor)
    : undefined;
}
