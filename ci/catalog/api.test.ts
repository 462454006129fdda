import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CatalogCard, CatalogVersion } from "#schema/catalog.ts";
import { SearchIndex, SearchShard } from "#schema/catalog.ts";
import { catalog, models } from "../../site/e2e/catalog.ts";
import { badge } from "./badge.ts";
import { feed } from "./feed.ts";
import { openApi } from "./openapi.ts";
import { writeApi } from "./write-api.ts";

const versions = models.flatMap((model) => model.versions);
let api = "";
beforeAll(() => {
  api = mkdtempSync(join(tmpdir(), "modelhub-api-"));
  const [card] = catalog.models;
  const many = Array.from({ length: 1001 }, (_, at) => ({ ...card, id: `model-${at}` }));
  writeApi({ ...catalog, models: many as CatalogCard[] }, versions, api);
});
afterAll(() => rmSync(api, { recursive: true }));

const read = (file: string): unknown => JSON.parse(readFileSync(join(api, file), "utf8"));

test("the search is sharded by the thousand, and no shard carries pictures", () => {
  const { count, shards } = SearchIndex.parse(read("search/index.json"));
  expect(count).toBe(1001);
  const parts = shards.map((file) => SearchShard.parse(read(file)));
  expect(parts.map(({ models }) => models.length)).toEqual([1000, 1]);
  expect(parts.map(({ summaries }) => summaries.length)).toEqual([1000, 1]);
});

test("a model's own file is its newest version, and each version has one", () => {
  const { id, versions: all } = read("models/efficientnet-lite0.json") as CatalogVersion;
  expect(read(`models/${id}.json`)).toEqual(read(`models/${id}/1.1.0.json`));
  expect(all).toEqual(["1.1.0", "1.0.2", "1.0.1", "1.0.0", "0.9.0"]);
  for (const version of all)
    expect(read(`models/${id}/${version}.json`)).toMatchObject({ version });
});

test("every schema that the OpenAPI document names is there, and so is every export", () => {
  const text = JSON.stringify(openApi(catalog.registry));
  const schemas = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, file]) => file ?? "");
  expect(new Set(schemas).size).toBe(7);
  for (const file of schemas) expect(read(file)).toHaveProperty("$schema");
  const exports = [...text.matchAll(/"\/(exports[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(exports).toHaveLength(8);
  for (const path of exports) {
    const file = path.replace("{id}", "silero-vad").replace("{version}", "6.2.3");
    expect(readFileSync(join(api, file), "utf8")).not.toBe("");
  }
});

test("the feed tells of registrations, yanks and removals, newest first", () => {
  const text = feed(catalog, versions);
  expect(text).toContain("<title>Yanked: EfficientNet-Lite0 1.0.1</title>");
  expect(text).toContain("<title>Removed: EfficientNet-Lite0 0.9.0</title>");
  expect(text).toContain("Cells &lt;b&gt;counted&lt;/b&gt;");
  const dates = [...text.matchAll(/<updated>([^<]+)/g)].map(([, date]) => date ?? "").slice(1);
  expect(dates).toEqual(dates.toSorted().reverse());
  expect(dates[0]).toBe("2026-05-17T07:30:00.000Z");
});

test("a model's own feed tells of that model alone, and leads to its page", () => {
  const text = readFileSync(join(api, "feeds/efficientnet-lite0.xml"), "utf8");
  expect(text).toContain(`<link href="${catalog.registry.site}models/efficientnet-lite0/"/>`);
  const titles = [...text.matchAll(/<entry>\n<id>.*<\/id>\n<title>([^<]+)/g)].map(
    ([, title]) => title,
  );
  expect(titles).toHaveLength(7);
  expect(titles.every((title) => title?.includes("EfficientNet-Lite0"))).toBe(true);
});

test.each([
  ["efficientnet-lite0", "1.1.0 reproduced"],
  ["squeezenet", "1.0.0 deprecated"],
  ["leaf-disease", "waits for its first build"],
])("the badge of %s says %s", (id, words) => {
  const card = catalog.models.find((model) => model.id === id);
  expect(badge(card as CatalogCard)).toContain(`ModelHub: ${words}"`);
});
