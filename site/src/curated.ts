import { existsSync, readFileSync } from "node:fs";
import { BenchmarkList, type BenchmarkRow } from "#schema/benchmark.ts";
import type { CatalogCard } from "#schema/catalog.ts";
import { CollectionList } from "#schema/collection.ts";
import { withoutExtensions } from "#schema/documents.ts";
import { Queue } from "#schema/queue.ts";
import { apiPath, catalog } from "./catalog.ts";

/** A row of a benchmark, away from its page. */
export type Figure = BenchmarkRow & { benchmark: { id: string; title: string } };

/** Headings of the cells that `MeasuredCells` shows. */
export const measuredColumns = ["Measured here", "95 % interval", "Right", "Day"];

/** What people put together beside the entries; a catalog without it has none. */

export const { benchmarks } = read("benchmarks.json", BenchmarkList) ?? { benchmarks: [] };

const cards = new Map(catalog.models.map((card) => [card.id, card]));

export const collections = (read("collections.json", CollectionList)?.collections ?? []).map(
  (collection) => ({ ...collection, cards: collection.models.flatMap(cardOf) }),
);

const figures = Map.groupBy(
  benchmarks.flatMap(({ id, benchmark, rows }) =>
    rows.map((row) => ({ ...row, benchmark: { id, title: benchmark.title } })),
  ),
  ({ id, version }) => `${id}@${version}`,
);

/** What was measured of a version, on every benchmark. */
export const figuresOf = (id: string, version: string): Figure[] =>
  (figures.get(`${id}@${version}`) ?? []).filter(({ measured }) => measured);

/** Absent where nobody asked for the open pull requests. */
export const queue = read("queue.json", Queue);

function cardOf(id: string): CatalogCard[] {
  const card = cards.get(id);
  return card ? [card] : [];
}

function read<T>(file: string, schema: { parse: (value: unknown) => T }): T | undefined {
  const path = apiPath(file);
  if (!existsSync(path)) return undefined;
  return schema.parse(withoutExtensions(JSON.parse(readFileSync(path, "utf8"))));
}
