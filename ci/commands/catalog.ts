import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Catalog, CatalogCard, CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import { type DocumentName, documents, jsonSchema } from "#schema/documents.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { ContributionError } from "../errors.ts";
import { makeFolder, writeJson } from "../files.ts";
import { mediaTypeOf } from "../media-type.ts";
import { fetchRecord } from "../records.ts";
import { compareVersions, type Entry, readRegistry } from "../registry.ts";
import type { Workspace } from "../workspace.ts";

/** Writes the static API into `folder`, from the registry's files and the records that its locks name. */
export async function catalog(at: Workspace, folder: string): Promise<Catalog> {
  const { instance, entries, problems } = readRegistry(at.registry);
  if (!instance || problems.length > 0) throw new ContributionError(problems);
  const models: CatalogCard[] = [];
  await makeFolder(
    folder,
    async (aside) => {
      const api = join(aside, "api", "v1");
      mkdirSync(join(api, "models"), { recursive: true });
      for (const versions of Map.groupBy(entries, ({ id }) => id).values()) {
        const pages = await writeVersions(versions, api);
        const page = newest(pages);
        // A model whose every version was withdrawn keeps its pages and leaves the list.
        if (!page.yanked) models.push(card(page));
      }
      models.sort((a, b) => a.title.localeCompare(b.title, "en"));
      writeJson(join(api, "models.json"), {
        schemaVersion: "1",
        registry: instance,
        models,
      } satisfies Catalog);
      for (const name of Object.keys(documents) as DocumentName[]) {
        writeJson(join(api, "schema", `${name}.schema.json`), jsonSchema(name));
      }
    },
    { replace: true },
  );
  return { schemaVersion: "1", registry: instance, models };
}

/** Writes a file for each version of one model; newest first. */
async function writeVersions(entries: Entry[], api: string): Promise<CatalogVersion[]> {
  const ordered = entries.toSorted((a, b) => compareVersions(b.version, a.version));
  const versions = ordered.map(({ version }) => version);
  const pages: CatalogVersion[] = [];
  for (const entry of ordered) {
    const { id, version, model, source, lock } = entry;
    const yanked = model.yanked?.[version]?.reason;
    const page: CatalogVersion = {
      id,
      version,
      entry: model,
      source,
      versions,
      ...(yanked && { yanked }),
      ...(lock && { built: await readBuilt(lock, `models/${id}/${version}`, api) }),
    };
    writeJson(join(api, "models", id, `${version}.json`), page);
    pages.push(page);
  }
  writeJson(join(api, "models", `${newest(pages).id}.json`), newest(pages));
  return pages;
}

async function readBuilt(
  lock: NonNullable<Entry["lock"]>,
  place: string,
  api: string,
): Promise<NonNullable<CatalogVersion["built"]>> {
  const { name, digest } = lock.image;
  const { record, folder } = await fetchRecord(name, lock.record);
  const samples = record.config.samples.map((sample): CatalogSample => {
    const inputs = Object.entries(sample.inputs).map(([id, path]) => {
      const file = `${place}/${path}`;
      mkdirSync(dirname(join(api, file)), { recursive: true });
      copyFileSync(join(folder, path), join(api, file));
      const kind = record.config.inputs.find((input) => input.id === id)?.kind ?? "array";
      return {
        id,
        kind,
        mediaType: mediaTypeOf(path),
        file,
        bytes: statSync(join(api, file)).size,
      };
    });
    const result = record.reports[0]?.samples.find(({ id }) => id === sample.id);
    return {
      id: sample.id,
      title: sample.title,
      ...(sample.credit && { credit: sample.credit }),
      inputs,
      outputs: result?.outputs ?? [],
      passed: result?.passed ?? false,
    };
  });
  return { lock, record, image: `${name}@${digest}`, samples };
}

/** The version that people get who name none: the newest that is neither yanked nor waiting. */
function newest(pages: readonly CatalogVersion[]): CatalogVersion {
  const page =
    pages.find(({ built, yanked }) => built && !yanked) ??
    pages.find(({ yanked }) => !yanked) ??
    pages[0];
  if (!page) throw new Error("a model has at least one version");
  return page;
}

function card({ id, version, entry, built }: CatalogVersion): CatalogCard {
  const common = {
    id,
    version,
    title: entry.title,
    state: entry.status?.state ?? "active",
  };
  if (!built)
    return {
      ...common,
      summary: "Waits for its first build.",
      tags: [],
      authors: [],
      outputs: [],
      platforms: [],
    };
  const { record, samples } = built;
  const { config } = record;
  const years = (config.publications ?? []).flatMap(({ year }) => year ?? []);
  const [sample] = samples;
  return {
    ...common,
    summary: config.summary,
    task: config.task,
    ...(config.domain && { domain: config.domain }),
    architecture: config.model.architecture,
    framework: config.model.framework,
    tags: config.tags ?? [],
    authors: config.authors.map(({ given, family }) => `${given} ${family}`),
    ...(years.length > 0 && { year: Math.min(...years) }),
    licenses: config.licenses,
    outputs: config.outputs.map(({ type }) => type),
    platforms: Object.keys(record.image.platforms),
    ...measured(record),
    ...(sample && { sample }),
  };
}

function measured({ image, reports }: ModelRecord): Partial<CatalogCard> {
  const [report] = reports;
  if (!report) return {};
  const bytes = image.platforms[report.platform]?.bytes;
  return {
    ...(bytes !== undefined && { bytes }),
    predictSeconds: report.predictSeconds,
    peakMemoryBytes: report.peakMemoryBytes,
  };
}
