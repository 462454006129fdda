import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { browserNeeds } from "#ci/catalog/browser.ts";
import { site } from "#ci/commands/site.ts";
import { readNetwork } from "#ci/network/read.ts";
import type { BrowserFiles, Built, CatalogVersion } from "#schema/catalog.ts";
import type { Config } from "#schema/config.ts";
import { catalog, models } from "./catalog.ts";
import { copyTryModels, readConfig, tryIds } from "./try-models.ts";

/** A catalog of models without code, for tests that run them in a browser. */

/** Builds a site of these models in a folder; `models` holds what was registered, `pages` the site. */
export async function buildTrySite(
  folder: string,
  address: string,
): Promise<{ models: string; pages: string }> {
  const models = join(folder, "models");
  const pages = join(folder, "pages");
  const catalog = join(folder, "catalog");
  await copyTryModels(models);
  writeTryCatalog(models, catalog);
  await site(catalog, pages, address);
  return { models, pages };
}

const version = "1.0.0";
const template = models
  .flatMap(({ versions }) => versions)
  .find(({ built }) => built?.record.config);
const card = catalog.models.find(({ id }) => id === template?.id);

/** Writes the catalog of the models whose folders lie in `from`. */
function writeTryCatalog(from: string, folder: string): void {
  const api = join(folder, "api/v1");
  const list = tryIds.map((id) => ({ ...card, id, version, title: id, sample: undefined }));
  write(join(api, "models.json"), JSON.stringify({ ...catalog, models: list }));
  write(join(api, "benchmarks.json"), JSON.stringify({ schemaVersion: "1", benchmarks: [] }));
  for (const id of tryIds) {
    const place = `models/${id}/${version}`;
    const page = pageOf(join(from, id), id, place, (file, to) =>
      copy(join(from, id, file), join(api, to)),
    );
    for (const file of [place, `models/${id}`])
      write(join(api, `${file}.json`), JSON.stringify(page));
  }
}

function pageOf(
  folder: string,
  id: string,
  place: string,
  offer: (from: string, to: string) => void,
): CatalogVersion {
  const built = template?.built as Built;
  const config: Config = { ...built.record.config, ...readConfig(folder), title: id };
  const weights = config.weights.map(({ id: weightsId, path = "", sha256, format }) => ({
    id: weightsId,
    file: path,
    sha256,
    bytes: statSync(join(folder, path)).size,
    ...readNetwork(join(folder, path), format),
  }));
  const files = built.record.files.filter(({ path }) => path !== "model.py");
  const record = { ...built.record, id, version, config, weights, files };
  const samples = samplesOf(config, folder, place);
  for (const { inputs } of config.samples)
    for (const path of Object.values(inputs)) offer(path, `${place}/${path}`);
  const browser = offered(record, place, offer);
  return {
    ...(template as CatalogVersion),
    id,
    version,
    versions: [version],
    built: { ...built, record, samples, ...(browser && { browser }) },
  };
}

function offered(
  record: Built["record"],
  place: string,
  offer: (from: string, to: string) => void,
): BrowserFiles | undefined {
  const needs = browserNeeds(record);
  if (!needs) return undefined;
  const { file: name, sha256, bytes } = needs.weights;
  const file = `${place}/weights/${name}`;
  offer(name, file);
  const texts = needs.texts.map((path) => [path, `${place}/texts/${path}`] as const);
  for (const [path, to] of texts) offer(path, to);
  return { weights: { file, sha256, bytes }, texts: Object.fromEntries(texts) };
}

function samplesOf({ inputs, samples }: Config, folder: string, place: string): Built["samples"] {
  return samples.map(({ id, title, inputs: files }) => ({
    id,
    title,
    inputs: inputs.map(({ id: input, kind, mediaTypes }) => ({
      id: input,
      kind,
      mediaType: mediaTypes[0] ?? "",
      file: `${place}/${files[input]}`,
      bytes: statSync(join(folder, files[input] ?? "")).size,
    })),
    outputs: [],
    passed: true,
  }));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
