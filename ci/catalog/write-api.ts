import { mkdirSync } from "node:fs";
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

/** Writes the whole API: the list, the versions, search, exports, badges, feed, schemas. */
export function writeApi(list: Catalog, versions: readonly CatalogVersion[], api: string): void {
  writeText(join(api, "models.json"), JSON.stringify(list));
  writeSearch(list.models, api);
  // The site lists this folder, also where nothing was registered yet.
  mkdirSync(join(api, "models"), { recursive: true });
  const models = [...Map.groupBy(versions, ({ id }) => id).values()];
  for (const pages of models) writeModel(pages, api);
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
  writeTexts(
    join(api, "feeds"),
    models.map((pages) => [`${pages[0]?.id}.xml`, feed(list, pages, channelOf(newest(pages)))]),
  );
  writeText(join(api, "openapi.json"), toJson(openApi(list.registry)));
  for (const name of Object.keys(documents) as DocumentName[]) {
    writeText(join(api, "schema", `${name}.schema.json`), toJson(jsonSchema(name)));
  }
}

/** A file for each version of one model, newest first, and one for whoever names none. */
function writeModel(pages: readonly CatalogVersion[], api: string): void {
  const current = newest(pages);
  const texts = new Map(pages.map((page) => [page, JSON.stringify(page)]));
  const folder = join(api, "models", current.id);
  writeTexts(
    folder,
    [...texts].map(([{ version }, text]) => [`${version}.json`, text]),
  );
  writeText(`${folder}.json`, texts.get(current) ?? "");
}
