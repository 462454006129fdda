import type { BenchmarkList, BenchmarkMetric, BenchmarkRow } from "#schema/benchmark.ts";
import type { CatalogVersion } from "#schema/catalog.ts";
import type { RegisteredBenchmark } from "./read.ts";

/** Each benchmark with a row for each figure that the newest version of a model claims or was measured at. */
export function benchmarkList(
  benchmarks: readonly RegisteredBenchmark[],
  newest: readonly CatalogVersion[],
): BenchmarkList {
  return {
    schemaVersion: "1",
    benchmarks: benchmarks
      .map((one) => ({
        id: one.id,
        benchmark: one.benchmark,
        rows: newest
          .flatMap((model) => one.benchmark.metrics.flatMap((metric) => row(one, metric, model)))
          .sort((a, b) => shown(b) - shown(a)),
      }))
      .sort((a, b) => a.benchmark.title.localeCompare(b.benchmark.title, "en")),
  };
}

function row(
  benchmark: RegisteredBenchmark,
  metric: BenchmarkMetric,
  model: CatalogVersion,
): BenchmarkRow[] {
  const { id, version, entry, built, yanked } = model;
  if (yanked) return [];
  const claimed = claimOf(benchmark, metric, model);
  const measured = measuredOf(benchmark, metric, model);
  if (!claimed && !measured) return [];
  return [
    {
      id,
      version,
      title: built?.record.config.title ?? entry.title,
      metric: metric.name,
      ...(claimed && { claimed }),
      ...(measured && { measured }),
    },
  ];
}

/** What a config states of this data and figure, by any of their names. */
function claimOf(
  { benchmark: { dataset } }: RegisteredBenchmark,
  metric: BenchmarkMetric,
  { built }: CatalogVersion,
): BenchmarkRow["claimed"] {
  const claims = (built?.record.config.evaluation ?? [])
    .filter((claim) => isNamed(claim.dataset, dataset))
    .flatMap(({ metrics }) => metrics);
  const claim = claims.find(({ name }) => isNamed(name, metric));
  if (!claim) return undefined;
  // 75.1 / 100 is not 0.751 in binary; nobody claims more digits than this.
  const value = claim.unit === "%" ? Number((claim.value / 100).toPrecision(12)) : claim.value;
  return { value, ...(claim.source && { source: claim.source }) };
}

function measuredOf(
  { measurements }: RegisteredBenchmark,
  metric: BenchmarkMetric,
  { id, version, built }: CatalogVersion,
): BenchmarkRow["measured"] {
  const found = measurements.find((one) => one.id === id && one.version === version);
  const figure = found?.metrics.find(({ name }) => name === metric.name);
  if (!found || !figure) return undefined;
  const { name: _, ...figures } = figure;
  const { items, measured, image } = found;
  const isCurrent = image === built?.lock.image.digest;
  return { ...figures, items, measured, image, isCurrent };
}

function isNamed(name: string, thing: { name: string; names?: string[] | undefined }): boolean {
  return [thing.name, ...(thing.names ?? [])].includes(name);
}

const shown = ({ claimed, measured }: BenchmarkRow): number =>
  measured?.value ?? claimed?.value ?? 0;
