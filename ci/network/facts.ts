import type { Network, NetworkGraph } from "#schema/network.ts";
import { type FlatNode, flatten } from "./flatten.ts";
import type { Constant, Layers } from "./layers.ts";
import { activations, normalisers } from "./patterns.ts";
import { Unreadable } from "./unreadable.ts";

// More kinds than any standard has are names made up.
const mostKinds = 200;
// Beyond this a drawing shows nothing, and a record should stay small.
const mostDrawn = 1500;

/** All that follows from a network's nodes and constants. */
export function factsOf(network: Layers): Omit<Network, "producer" | "opset"> {
  const nodes = flatten(network);
  const weights = weightsOf(nodes);
  const operators = tally(nodes.map(({ operator }) => [operator, 1]));
  if (Object.keys(operators).length > mostKinds)
    throw new Unreadable(`The graph has more than ${mostKinds} kinds of operators.`);
  const own = weights.map((list) => list.reduce((sum, { count }) => sum + count, 0));
  const graph = graphOf(nodes, own);
  return {
    inputs: network.inputs,
    outputs: network.outputs,
    operators,
    depth: longest(nodes, () => 1),
    layers: longest(nodes, (at) => (own[at] && isLayer(nodes[at]?.operator ?? "") ? 1 : 0)),
    parameters: {
      total: own.reduce((sum, count) => sum + count, 0),
      byType: tally(weights.flat().map(({ type, count }) => [type, count])),
      byOperator: tally(nodes.map(({ operator }, at) => [operator, own[at] ?? 0])),
    },
    activations: tally(activations(nodes).map((name) => [name, 1])),
    normalisers: tally(normalisers(nodes).map((name) => [name, 1])),
    ...(graph && { graph }),
  };
}

/** The parameters of each node; a constant that several take counts where it is taken first. */
function weightsOf(nodes: readonly FlatNode[]): Constant[][] {
  const seen = new Set<Constant>();
  return nodes.map(({ operator, constants }) =>
    constants.filter((constant) => {
      const isNew = !seen.has(constant) && !isSetting(operator) && isParameter(constant);
      seen.add(constant);
      return isNew;
    }),
  );
}

/** Shapes, places and lone numbers are constants too, but nobody trains them. */
const isParameter = ({ type, count }: Constant): boolean =>
  count > 1 && !/^(u?int64|bool|string)$/.test(type);

const isSetting = (operator: string): boolean =>
  /^(Resize|Upsample|Pad|Range|NonMaxSuppression)$/.test(operator);

/** What is counted as a layer when people say how deep a network is. */
const isLayer = (operator: string): boolean =>
  /Conv|Gemm|MatMul|LSTM|GRU|RNN|Linear|Attention|Einsum/.test(operator);

/** The sum along the path where it is largest. */
function longest(nodes: readonly FlatNode[], cost: (at: number) => number): number {
  const lengths: number[] = [];
  for (const [at, { from }] of nodes.entries())
    lengths.push(cost(at) + from.reduce((most, place) => Math.max(most, lengths[place] ?? 0), 0));
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}

/** The graph for drawing, unless it is too large for that. */
function graphOf(nodes: readonly FlatNode[], own: readonly number[]): NetworkGraph | undefined {
  const many = nodes.reduce((sum, { from }) => sum + from.length, 0);
  if (nodes.length > mostDrawn || many > 2 * mostDrawn) return undefined;
  const edges = nodes.flatMap(({ from }, at) => from.map((place): [number, number] => [place, at]));
  const operators = [...new Set(nodes.map(({ operator }) => operator))];
  return {
    operators,
    nodes: nodes.map(({ operator }) => operators.indexOf(operator)),
    parameters: [...own],
    edges,
  };
}

/** Sums by name, largest first; names without any are left out. */
function tally(entries: readonly (readonly [name: string, count: number])[]): {
  [name: string]: number;
} {
  const sums = new Map<string, number>();
  for (const [name, count] of entries) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(
    [...sums].filter(([, sum]) => sum > 0).sort(([, one], [, other]) => other - one),
  );
}
