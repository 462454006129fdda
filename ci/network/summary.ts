import type { Network } from "#schema/network.ts";
import type { Record as ModelRecord } from "#schema/record.ts";

type Counts = { [name: string]: number };

/** What all weights of a version say together. */
export interface NetworkSummary {
  parameters: number;
  byType: Counts;
  byOperator: Counts;
  operators: Counts;
  activations: Counts;
  normalisers: Counts;
  /** Of the deepest of its networks; absent where no graph was read. */
  depth: number | undefined;
  layers: number | undefined;
}

/** Nothing where no file was read. */
export function summaryOf({ weights }: ModelRecord): NetworkSummary | undefined {
  const networks = weights.flatMap(({ network }) => network ?? []);
  if (networks.length === 0) return undefined;
  const sums = (read: (network: Network) => Counts | undefined) => sumsOf(networks.map(read));
  const most = (read: (network: Network) => number | undefined) => {
    const values = networks.flatMap((network) => read(network) ?? []);
    return values.length > 0 ? Math.max(...values) : undefined;
  };
  return {
    parameters: networks.reduce((sum, { parameters }) => sum + parameters.total, 0),
    byType: sums(({ parameters }) => parameters.byType),
    byOperator: sums(({ parameters }) => parameters.byOperator),
    operators: sums(({ operators }) => operators),
    activations: sums(({ activations }) => activations),
    normalisers: sums(({ normalisers }) => normalisers),
    depth: most(({ depth }) => depth),
    layers: most(({ layers }) => layers),
  };
}

/** Parameters as they were counted in every weights file; where one was not read, as the author says. */
export function parametersOf({ weights, config }: ModelRecord): number | undefined {
  const counted = weights.map(({ network }) => network?.parameters.total);
  const declared = config.weights.map(({ parameters }) => parameters);
  const known = counted.every((count) => count !== undefined) ? counted : declared;
  const sum = known.reduce<number>((all, count = 0) => all + count, 0);
  return sum > 0 ? sum : undefined;
}

function sumsOf(list: readonly (Counts | undefined)[]): Counts {
  const sums = new Map<string, number>();
  for (const counts of list)
    for (const [name, count] of Object.entries(counts ?? {}))
      sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([, one], [, other]) => other - one));
}
