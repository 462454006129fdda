import { join } from "node:path";
import type { CatalogCard, SearchIndex, SearchShard } from "#schema/catalog.ts";
import { writeText } from "./write.ts";

// A shard of a thousand cards is some 40 kB compressed: one answer of a CDN, and a part of the wait.
const shardSize = 1000;

/** Writes the searchable facts in shards, which the page fetches side by side once somebody searches. */
export function writeSearch(cards: readonly CatalogCard[], api: string): void {
  const shards: string[] = [];
  for (let start = 0; start < cards.length; start += shardSize) {
    const file = `search/${shards.length}.json`;
    const part = cards.slice(start, start + shardSize);
    const shard: SearchShard = {
      schemaVersion: "1",
      models: part.map(({ sample: _, summary: __, ...facts }) => facts),
      summaries: part.map(({ summary }) => summary),
    };
    writeText(join(api, file), JSON.stringify(shard));
    shards.push(file);
  }
  const index: SearchIndex = { schemaVersion: "1", count: cards.length, shards };
  writeText(join(api, "search/index.json"), JSON.stringify(index));
}
