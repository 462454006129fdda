import { join } from "node:path";
import type { CatalogVersion } from "#schema/catalog.ts";
import type { CollectionList } from "#schema/collection.ts";
import type { Queue } from "#schema/queue.ts";
import { benchmarkList } from "../benchmarks/list.ts";
import type { RegisteredBenchmark } from "../benchmarks/read.ts";
import { toJson } from "../files.ts";
import { writeText } from "./write.ts";

/** What people put together beside the entries. */
export interface Curated {
  benchmarks: readonly RegisteredBenchmark[];
  collections: CollectionList["collections"];
  /** Absent where nobody asked for the open pull requests. */
  queue?: Queue | undefined;
}

/** Writes benchmarks, collections and, where it is known, the queue into the API. */
export function writeCurated(
  { benchmarks, collections, queue }: Curated,
  newest: readonly CatalogVersion[],
  api: string,
): void {
  const listed = new Set(newest.filter(({ yanked }) => !yanked).map(({ id }) => id));
  const shown: CollectionList = {
    schemaVersion: "1",
    collections: collections.map((collection) => ({
      ...collection,
      // Who was yanked as a whole leaves the lists.
      models: collection.models.filter((id) => listed.has(id)),
    })),
  };
  writeText(join(api, "benchmarks.json"), toJson(benchmarkList(benchmarks, newest)));
  writeText(join(api, "collections.json"), toJson(shown));
  if (queue) writeText(join(api, "queue.json"), toJson(queue));
}
