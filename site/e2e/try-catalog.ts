import { copyFileSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { browserNeeds } from "#ci/catalog/browser.ts";
import { site } from "#ci/commands/site.ts";
import type { BrowserFiles, Built, CatalogVersion } from "#schema/catalog.ts";
import type { Config } from "#schema/config.ts";
import { catalog, models } from "./catalog.ts";

/** A catalog of models without code, with their real weights, for tests that run them. */

const tests = fileURLToPath(new URL("../../engine-image/python/tests/models", import.meta.url));

export const ids = ["no-code-labels", "no-code-boxes", "no-code-mask"] as const;

/** Builds a site of these models in a folder; `models` holds what was registered, `pages` the site. */
export async function buildTrySite(
  folder: string,
  address: string,
): Promise<{ models: string; pages: string }> {
  const models = join(folder, "models");
  const pages = join(folder, "pages");
  const catalog = join(folder, "catalog");
  copyModels(models);
  writeTryCatalog(models, catalog);
  await site(catalog, pages, address);
  return { models, pages };
}

/** Copies models that the engine is tested with, and lets them take photographs too. */
function copyModels(folder: string): void {
  for (const id of ids) {
    cpSync(join(tests, id), join(folder, id), { recursive: true });
    const file = join(folder, id, "modelhub.json");
    const config = JSON.parse(readFileSync(file, "utf8"));
    config.inputs[0].mediaTypes = ["image/png", "image/jpeg"];
    config.samples = [
      {
        id: "blocks",
        title: "Blocks of colour",
        inputs: { image: "blocks.png" },
        expected: "blocks.json",
      },
    ];
    copyFileSync(picture, join(folder, id, "blocks.png"));
    writeFileSync(join(folder, id, "blocks.json"), "{}");
    writeFileSync(file, JSON.stringify(config));
  }
}

const version = "1.0.0";
const picture = fileURLToPath(new URL("samples/blocks.png", import.meta.url));
const template = models
  .flatMap(({ versions }) => versions)
  .find(({ built }) => built?.record.config);
const card = catalog.models.find(({ id }) => id === template?.id);

/** Writes the catalog of the models whose folders lie in `from`. */
function writeTryCatalog(from: string, folder: string): void {
  const api = join(folder, "api/v1");
  const list = ids.map((id) => ({ ...card, id, version, title: id, sample: undefined }));
  write(join(api, "models.json"), JSON.stringify({ ...catalog, models: list }));
  for (const id of ids) {
    const place = `models/${id}/${version}`;
    const page = pageOf(join(from, id), id, place, (file, to) =>
      copy(join(from, id, file), join(api, to)),
    );
    copy(picture, join(api, place, "blocks.png"));
    write(join(api, `${place}.json`), JSON.stringify(page));
  }
}

function pageOf(
  folder: string,
  id: string,
  place: string,
  offer: (from: string, to: string) => void,
): CatalogVersion {
  const built = template?.built as Built;
  const own = JSON.parse(readFileSync(join(folder, "modelhub.json"), "utf8"));
  const config: Config = { ...built.record.config, ...own, title: id };
  const weights = config.weights.map(({ id: weightsId, path = "", sha256 }) => ({
    id: weightsId,
    file: path,
    sha256,
    bytes: statSync(join(folder, path)).size,
  }));
  const files = built.record.files.filter(({ path }) => path !== "model.py");
  const record = { ...built.record, id, version, config, weights, files };
  const browser = offered(record, place, offer);
  return {
    ...(template as CatalogVersion),
    id,
    version,
    versions: [version],
    built: { ...built, record, samples: [sampleOf(config, place)], ...(browser && { browser }) },
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

function sampleOf({ inputs }: Config, place: string): Built["samples"][number] {
  return {
    id: "blocks",
    title: "Blocks of colour",
    inputs: inputs.map(({ id, kind }) => ({
      id,
      kind,
      mediaType: "image/png",
      file: `${place}/blocks.png`,
      bytes: statSync(picture).size,
    })),
    outputs: [],
    passed: true,
  };
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
