import type { BenchmarkList, BenchmarkRow } from "#schema/benchmark.ts";
import type { CatalogVersion } from "#schema/catalog.ts";
import { count, percent } from "#viewers/format.ts";
import type { Line } from "./compare-networks.ts";

/** What was measured on benchmarks, as lines of the comparison; claims stand in lines of their own. */
export function benchmarkRows(
  models: readonly CatalogVersion[],
  { benchmarks }: Pick<BenchmarkList, "benchmarks">,
): Line[] {
  return benchmarks.flatMap(({ benchmark, rows }) =>
    benchmark.metrics.flatMap(({ name }) => {
      const values = models.map(({ id, version }) =>
        rows.find((row) => row.id === id && row.version === version && row.metric === name),
      );
      if (!values.some((row) => row?.measured)) return [];
      const group = "Benchmarks, measured here";
      return { group, name: `${name}, ${benchmark.title}`, values: values.map(figure) };
    }),
  );
}

function figure(row: BenchmarkRow | undefined): string | undefined {
  if (!row?.measured) return undefined;
  const { value, low, high, items, isCurrent } = row.measured;
  const range = `${percent(value)} (${percent(low)} to ${percent(high)}, ${count(items)} items)`;
  return isCurrent ? range : `${range}, on an image before this one`;
}
