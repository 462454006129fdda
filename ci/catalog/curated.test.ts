import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BenchmarkList } from "#schema/benchmark.ts";
import { CollectionList } from "#schema/collection.ts";
import { Queue } from "#schema/queue.ts";
import { models } from "../../site/e2e/catalog.ts";
import { curatedOf } from "../../site/e2e/curated.ts";
import { writeCurated } from "./curated.ts";
import { newest } from "./versions.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-curated-"));
afterAll(() => rmSync(folder, { recursive: true }));

const current = models.map(({ versions }) => newest(versions));
const curated = curatedOf(() => `sha256:${"0".repeat(64)}`);
const read = (api: string, file: string): unknown =>
  JSON.parse(readFileSync(join(api, file), "utf8"));

test("writes benchmarks, collections and queue in the shape that the API promises", () => {
  const api = join(folder, "whole");
  writeCurated(curated, current, api);
  expect(BenchmarkList.parse(read(api, "benchmarks.json")).benchmarks).toHaveLength(2);
  expect(CollectionList.parse(read(api, "collections.json")).collections).toHaveLength(1);
  expect(Queue.parse(read(api, "queue.json")).submissions).toHaveLength(2);
});

test("a model that was yanked as a whole leaves the collections", () => {
  const api = join(folder, "yanked");
  const yanked = current.map((model) =>
    model.id === "silero-vad" ? { ...model, yanked: "wrong" } : model,
  );
  writeCurated(curated, yanked, api);
  const { collections } = CollectionList.parse(read(api, "collections.json"));
  expect(collections[0]?.models).toEqual(["efficientnet-lite0"]);
});

test("without a queue there is no file, so that nobody reads it as an empty one", () => {
  const api = join(folder, "unasked");
  writeCurated({ ...curated, queue: undefined }, current, api);
  expect(existsSync(join(api, "queue.json"))).toBe(false);
});
