import { type NetworkSummary, summaryOf } from "#ci/network/summary.ts";
import type { CatalogVersion } from "#schema/catalog.ts";
import { count, plural } from "#viewers/format.ts";

/** A line of the comparison before its cells are compared. */
export interface Line {
  group: string;
  name: string;
  values: (string | undefined)[];
}

// The rest are used once or twice, or hold next to nothing.
const mostOperators = 12;

/** What was read out of the weights, as lines of the comparison. */
export function networkRows(models: readonly CatalogVersion[]): Line[] {
  const summaries = models.map(({ built }) => built && summaryOf(built.record));
  if (summaries.every((summary) => summary === undefined)) return [];
  const lines = Object.entries(reads).map(([name, read]) => ({
    group: "Network, as read out of the weights",
    name,
    values: summaries.map((summary) => summary && read(summary)),
  }));
  return [
    ...lines,
    ...counted("Operators", summaries, ({ operators }) => operators),
    ...counted("Parameters by operator", summaries, ({ byOperator }) => byOperator),
  ];
}

const reads: { [name: string]: (summary: NetworkSummary) => string | undefined } = {
  Operators: ({ operators }) => known(sum(operators)),
  Depth: ({ depth }) => (depth ? plural(depth, "operator") : undefined),
  "Layers with weights": ({ layers }) => known(layers),
  "Types of parameters": ({ byType }) => list(byType),
  Activations: ({ activations }) => list(activations),
  Normalisers: ({ normalisers }) => list(normalisers),
};

/** A line for each of the names that come up most. */
function counted(
  group: string,
  summaries: readonly (NetworkSummary | undefined)[],
  read: (summary: NetworkSummary) => { [name: string]: number },
): Line[] {
  const columns = summaries.map((summary) => summary && read(summary));
  const names = [...new Set(columns.flatMap((column) => Object.keys(column ?? {})))];
  const most = (name: string) => Math.max(...columns.map((column) => column?.[name] ?? 0));
  return names
    .sort((one, other) => most(other) - most(one))
    .slice(0, mostOperators)
    .map((name) => ({
      group,
      name,
      values: columns.map((column) => column && count(column[name] ?? 0)),
    }));
}

const sum = (counts: { [name: string]: number }): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);

const known = (value: number | undefined): string | undefined =>
  value === undefined || value === 0 ? undefined : count(value);

const list = (counts: { [name: string]: number }): string =>
  Object.entries(counts)
    .map(([name, many]) => `${name} × ${count(many)}`)
    .join(", ") || "none";
