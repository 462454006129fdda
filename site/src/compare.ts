import { parametersOf } from "#ci/network/summary.ts";
import type { BenchmarkList } from "#schema/benchmark.ts";
import type { CatalogVersion } from "#schema/catalog.ts";
import { bytes, count, number, seconds, words } from "#viewers/format.ts";
import { benchmarkRows } from "./compare-benchmarks.ts";
import { networkRows } from "./compare-networks.ts";

/** A line of the comparison: one cell a model, in their order. */
export interface Row {
  group: string;
  name: string;
  cells: string[];
  differs: boolean;
}

type Read = (model: CatalogVersion) => string | undefined;

const config = (model: CatalogVersion) => model.built?.record.config;

/** The report of a native platform, where there is one: timings of an emulated one say little. */
function report({ built }: CatalogVersion) {
  const reports = built?.record.reports;
  return reports?.find(({ emulated }) => !emulated) ?? reports?.[0];
}

function parameters({ built }: CatalogVersion): string | undefined {
  const sum = built && parametersOf(built.record);
  return sum ? count(sum) : undefined;
}

function download(model: CatalogVersion): string | undefined {
  const platform = report(model)?.platform;
  const image = platform && model.built?.record.image.platforms[platform];
  return image && bytes(image.bytes);
}

function reproduced(model: CatalogVersion): string | undefined {
  const samples = report(model)?.samples;
  return samples && `${samples.filter(({ passed }) => passed).length} of ${samples.length}`;
}

const groups: { [group: string]: { [name: string]: Read } } = {
  "What it is": {
    Version: ({ version }) => version,
    Status: ({ built, entry }) =>
      words(built ? (entry.status?.state ?? "active") : "waits for its first build"),
    Task: (model) => words(config(model)?.task ?? ""),
    Field: (model) => words(config(model)?.domain ?? ""),
    Architecture: (model) => config(model)?.model.architecture,
    Framework: (model) => config(model)?.model.framework,
    Parameters: parameters,
    Takes: (model) =>
      config(model)
        ?.inputs.map(({ kind }) => words(kind))
        .join(", "),
    Gives: (model) =>
      config(model)
        ?.outputs.map(({ type }) => words(type))
        .join(", "),
    Authors: (model) => people(config(model)?.authors),
  },
  Licences: {
    Code: (model) => config(model)?.licenses.code,
    Weights: (model) => config(model)?.licenses.weights,
    "Sample data": (model) => config(model)?.licenses.sampleData,
  },
  "Measured here": {
    Platforms: ({ built }) => Object.keys(built?.record.image.platforms ?? {}).join(", "),
    "Measured on": (model) => report(model)?.platform,
    Day: (model) => report(model)?.tested,
    Processor: (model) => report(model)?.machine?.processor,
    Download: download,
    Start: (model) => inSeconds(report(model)?.startSeconds),
    Prediction: (model) => inSeconds(report(model)?.predictSeconds),
    "Peak memory": (model) => inBytes(report(model)?.peakMemoryBytes),
    "Samples reproduced": reproduced,
  },
};

const inSeconds = (value: number | undefined) => (value === undefined ? undefined : seconds(value));
const inBytes = (value: number | undefined) => (value === undefined ? undefined : bytes(value));

function people(authors: { given: string; family: string }[] = []): string {
  const names = authors.slice(0, 3).map(({ given, family }) => `${given} ${family}`);
  return names.join(", ") + (authors.length > 3 ? ` and ${authors.length - 3} more` : "");
}

/** All facts of some models, row by row; rows that no model has are left out. */
export function compareModels(
  models: readonly CatalogVersion[],
  benchmarks: Pick<BenchmarkList, "benchmarks"> = { benchmarks: [] },
): Row[] {
  const facts = Object.entries(groups).flatMap(([group, reads]) =>
    Object.entries(reads).map(([name, read]) => rowOf(group, name, models.map(read))),
  );
  const lines = [...networkRows(models), ...benchmarkRows(models, benchmarks)];
  const read = lines.map(({ group, name, values }) => rowOf(group, name, values));
  return [...facts, ...read, ...claims(models)].filter(({ cells }) =>
    cells.some((cell) => cell !== missing),
  );
}

/** One row for each metric on each data set, so that only like is set beside like. */
function claims(models: readonly CatalogVersion[]): Row[] {
  const figures = models.map(
    (model) =>
      new Map(
        (config(model)?.evaluation ?? []).flatMap(({ dataset, metrics }) =>
          metrics.map(({ name, value, unit = "" }) => [
            `${name}, ${dataset}`,
            `${number(value)} ${unit}`.trim(),
          ]),
        ),
      ),
  );
  const names = new Set(figures.flatMap((map) => [...map.keys()]));
  return [...names].map((name) =>
    rowOf(
      "Claimed",
      name,
      figures.map((map) => map.get(name)),
    ),
  );
}

const missing = "–";

function rowOf(group: string, name: string, values: (string | undefined)[]): Row {
  const cells = values.map((value) => value || missing);
  return { group, name, cells, differs: new Set(cells).size > 1 };
}
