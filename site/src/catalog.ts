import { join } from "node:path";
import { type End, endOf } from "#ci/catalog/life.ts";
import type { CatalogCard, CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import { changesBetween } from "./changes.ts";
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
  end: End | undefined;
  digest: string | undefined;
  published: string | undefined;
  /** What differs from the built version before it. */
  changes: string[];
}

export const pages: VersionPage[] = [...versions].flatMap(([id, models]) => {
  const card = cards.get(id);
  const newest = card?.version ?? models[0]?.versions[0] ?? "";
  const siblings = models.map((model, place) => siblingOf(model, models.slice(place + 1), newest));
  return models.map((model) => ({
    model,
    card,
    newest,
    siblings,
    successor: successorOf(model),
  }));
});

export const newestPages = pages.filter(({ model, newest }) => model.version === newest);

// The front page weighs the same whatever the registry's size; the search fetches the rest.
const mostCards = 24;

/** Models whose cards the front page holds. */
export const frontModels = catalog.models.slice(0, mostCards);

const newestModels = new Map(newestPages.map(({ model }) => [model.id, model]));

/** The sample that a card shows. The list has no large arrays; the model's own document has. */
export function cardSample({ id, sample }: CatalogCard): CatalogSample | undefined {
  return newestModels.get(id)?.built?.samples[0] ?? sample;
}

/** Where a file of the API lies while the site is built. */
export function apiPath(file: string): string {
  return join(folder ?? "", "api/v1", file);
}

/** A version as the others' pages list it; `earlier` ones come newest first. */
function siblingOf(
  model: CatalogVersion,
  earlier: readonly CatalogVersion[],
  newest: string,
): Sibling {
  const { version, built, published } = model;
  const before = earlier.find((one) => one.built)?.built;
  return {
    version,
    end: endOf(model, newest),
    digest: built?.lock.image.digest,
    published,
    changes: built && before ? changesBetween(before, built) : [],
  };
}

function successorOf({ entry }: CatalogVersion): CatalogCard | undefined {
  const { status } = entry;
  return status?.state === "deprecated" && status.successor
    ? cards.get(status.successor)
    : undefined;
}
