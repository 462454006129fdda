import { linkSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Catalog, CatalogVersion } from "#schema/catalog.ts";
import { type DocumentName, documents, jsonSchema } from "#schema/documents.ts";
import { toJson } from "../files.ts";
import { badge } from "./badge.ts";
import { writeCards } from "./embed.ts";
import { exportsOf } from "./exports/index.ts";
import { channelOf, feed } from "./feed.ts";
import { openApi } from "./openapi.ts";
import { writeSearch } from "./search.ts";
import { newest } from "./versions.ts";
import { writeText, writeTexts } from "./write.ts";

/** Writes the whole API: the documents, and what other programs and pages show of them. */
export function writeApi(list: Catalog, versions: readonly CatalogVersion[], api: string): void {
  writeDocuments(list, versions, api);
  writeForOthers(list, versions, api);
  writeText(join(api, "openapi.json"), toJson(openApi(list.registry)));
  for (const name of Object.keys(documents) as DocumentName[]) {
    writeText(join(api, "schema", `${name}.schema.json`), toJson(jsonSchema(name)));
  }
}

/** Writes the list, the search and the versions: what the site is built from. */
export function writeDocuments(
  list: Catalog,
  versions: readonly CatalogVersion[],
  api: string,
): void {
  // The site lists this folder, also where nothing was registered yet.
  mkdirSync(join(api, "models"), { recursive: true });
  writeText(join(api, "models.json"), JSON.stringify(list));
  writeSearch(list.models, api);
  for (const pages of Map.groupBy(versions, ({ id }) => id).values()) writeModel(pages, api);
}

/** A file for each version of one model, and one of the newest for whoever names none. */
function writeModel(pages: readonly CatalogVersion[], api: string): void {
  const current = newest(pages);
  const folder = join(api, "models", current.id);
  writeTexts(
    folder,
    pages.map((page) => [`${page.version}.json`, JSON.stringify(page)]),
  );
  // The same document under two names; a link takes a fifth of what writing it again would.
  linkSync(join(folder, `${current.version}.json`), `${folder}.json`);
}

/** Writes exports, badges, cards and feeds. */
export function writeForOthers(
  list: Catalog,
  versions: readonly CatalogVersion[],
  api: string,
): void {
  for (const version of versions) {
    const files = Object.entries(exportsOf(version, list.registry));
    writeTexts(join(api, "exports", version.id, version.version), files);
  }
  writeTexts(
    join(api, "badges"),
    list.models.map((card) => [`${card.id}.svg`, badge(card)]),
  );
  writeCards(list, api);
  writeText(join(api, "feed.xml"), feed(list, versions));
  const models = [...Map.groupBy(versions, ({ id }) => id).values()];
  writeTexts(
    join(api, "feeds"),
    models.map((pages) => [`${pages[0]?.id}.xml`, feed(list, pages, channelOf(newest(pages)))]),
  );
}
