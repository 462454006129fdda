import { join } from "node:path";
import type { Catalog, CatalogVersion } from "#schema/catalog.ts";
import { type DocumentName, documents, jsonSchema } from "#schema/documents.ts";
import { toJson } from "../files.ts";
import { badge } from "./badge.ts";
import { exportsOf } from "./exports/index.ts";
import { feed } from "./feed.ts";
import { openApi } from "./openapi.ts";
import { writeSearch } from "./search.ts";
import { writeText } from "./write.ts";

/** Writes all of the API that follows from the list and the versions: search, exports, badges, feed, schemas. */
export function writeApi(list: Catalog, versions: readonly CatalogVersion[], api: string): void {
  const write = (file: string, text: string) => writeText(join(api, file), text);
  write("models.json", toJson(list));
  writeSearch(list.models, api);
  for (const card of list.models) write(`badges/${card.id}.svg`, badge(card));
  for (const version of versions) {
    for (const [file, text] of Object.entries(exportsOf(version, list.registry))) {
      write(`exports/${version.id}/${version.version}/${file}`, text);
    }
  }
  write("feed.xml", feed(list, versions));
  write("openapi.json", toJson(openApi(list.registry)));
  for (const name of Object.keys(documents) as DocumentName[]) {
    write(`schema/${name}.schema.json`, toJson(jsonSchema(name)));
  }
}
