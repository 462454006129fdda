import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CatalogCard, SearchIndex, SearchShard } from "#schema/catalog.ts";
import { writeCompact } from "./write.ts";

// A shard of a thousand cards is some 60 kB compressed: one answer of a CDN, and a part of the wait.
const shardSize = 1000;

/** Writes the searchable facts in shards, which the page fetches side by side once somebody searches. */
export function writeSearch(cards: readonly CatalogCard[], api: string): void {
  mkdirSync(join(api, "search"), { recursive: true });
  const shards: string[] = [];
  for (let start = 0; start < cards.length; start += shardSize) {
    const file = `search/${shards.length}.json`;
    const models = cards.slice(start, start + shardSize).map(({ sample: _, ...facts }) => facts);
    writeCompact(join(api, file), { schemaVersion: "1", models } satisfies SearchShard);
    shards.push(file);
  }
  const index: SearchIndex = { schemaVersion: "1", count: cards.length, shards };
  writeCompact(join(api, "search/index.json"), index);
}
