import type { CatalogCard, CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { parametersOf } from "../network/summary.ts";
import { allowsCommercialUse } from "./licence.ts";
import { worksBehind } from "./work-behind.ts";

/** A model as the list shows it, from the page of its newest version. */
export function card(page: CatalogVersion): CatalogCard {
  const { id, version, entry, built, published } = page;
  const common = {
    id,
    version,
    title: entry.title,
    state: entry.status?.state ?? "active",
    ...(published && { published }),
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
  const { record, samples, browser } = built;
  const [sample] = samples;
  return {
    ...common,
    ...declared(record),
    ...measured(record),
    isInBrowser: browser !== undefined,
    isOnGpu: record.variants?.cuda !== undefined,
    ...(sample && { sample: light(sample) }),
  };
}

// A list of thousands of models has no room for arrays; each model's own document has them.
const mostLetters = 4096;

function light(sample: CatalogSample): CatalogSample {
  const outputs = sample.outputs.filter(
    ({ prediction }) => typeof prediction !== "string" || prediction.length <= mostLetters,
  );
  return { ...sample, outputs };
}

/** What the author says. */
function declared(record: ModelRecord) {
  const { config, image } = record;
  const years = worksBehind(config.publications).flatMap(({ year }) => year ?? []);
  const parameters = parametersOf(record);
  const metrics = (config.evaluation ?? []).flatMap(({ dataset, metrics }) =>
    metrics.map(({ name, value, unit }) => ({ name, value, ...(unit && { unit }), dataset })),
  );
  return {
    summary: config.summary,
    task: config.task,
    ...(config.domain && { domain: config.domain }),
    ...(config.modality && { modality: config.modality }),
    architecture: config.model.architecture,
    framework: config.model.framework,
    tags: config.tags ?? [],
    authors: config.authors.map(({ given, family }) => `${given} ${family}`),
    ...(years.length > 0 && { year: Math.min(...years) }),
    licenses: config.licenses,
    isCommercial: [config.licenses.code, config.licenses.weights].every(allowsCommercialUse),
    ...(parameters !== undefined && { parameters }),
    ...(metrics.length > 0 && { metrics }),
    outputs: config.outputs.map(({ type }) => type),
    platforms: Object.keys(image.platforms),
  };
}

/** What the test saw; timings of an emulated platform say little, so a native one speaks where there is one. */
function measured({ image, reports }: ModelRecord): Partial<CatalogCard> {
  const report = reports.find(({ emulated }) => !emulated) ?? reports[0];
  if (!report) return {};
  const bytes = image.platforms[report.platform]?.bytes;
  return {
    ...(bytes !== undefined && { bytes }),
    predictSeconds: report.predictSeconds,
    peakMemoryBytes: report.peakMemoryBytes,
  };
}
