import type { NetworkGraph } from "#schema/network.ts";

/** Where a node stands when graphs are set side by side. */
export interface PlacedNode {
  operator: string;
  parameters: number;
  row: number;
  /** What stands beside it in every other graph: its like, its operator with other weights, or less. */
  beside: Likeness;
}

export type Likeness = "same" | "resized" | "other";

export interface Alignment {
  rows: number;
  /** For each graph its nodes, in their order. */
  columns: PlacedNode[][];
}

/**
 * Sets graphs side by side: what a graph has in common with the first stands in the row of that, what
 * it has alone before or after.
 */
export function align(graphs: readonly NetworkGraph[]): Alignment {
  const [first = [], ...others] = graphs.map(nodesOf);
  const pairs = others.map((other) => commonPairs(first, other));
  const partners = pairs.map((map) => new Map([...map].map(([at, rank]) => [rank, at])));
  const likeness = first.map((node, rank) =>
    least(others.map((nodes, place) => likenessOf(node, nodes[partners[place]?.get(rank) ?? -1]))),
  );
  const rows = rowsOf(first.length, others, partners);
  const columns = [first, ...others].map((nodes, column) =>
    nodes.map((node, at) => {
      const rank = column === 0 ? at : (pairs[column - 1]?.get(at) ?? -1);
      return { ...node, row: rows.columns[column]?.[at] ?? 0, beside: likeness[rank] ?? "other" };
    }),
  );
  return { rows: rows.count, columns };
}

function likenessOf(one: Node | undefined, other: Node | undefined): Likeness {
  if (one?.operator !== other?.operator) return "other";
  return one?.parameters === other?.parameters ? "same" : "resized";
}

function least(all: readonly Likeness[]): Likeness {
  if (all.includes("other")) return "other";
  return all.includes("resized") ? "resized" : "same";
}

interface Node {
  operator: string;
  parameters: number;
}

function nodesOf({ operators, nodes, parameters }: NetworkGraph): Node[] {
  return nodes.map((operator, at) => ({
    operator: operators[operator] ?? "",
    parameters: parameters[at] ?? 0,
  }));
}

/** The rows of each graph's nodes: as early as may be, with what is paired in one row. */
function rowsOf(
  length: number,
  others: readonly Node[][],
  partners: readonly Map<number, number>[],
) {
  const columns: number[][] = [[], ...others.map(() => [])];
  const after = (column: number) => (columns[column]?.at(-1) ?? -1) + 1;
  /** Places the nodes up to `end`, each below the one before. */
  const placeUpTo = (column: number, end: number) => {
    while ((columns[column]?.length ?? 0) < end) columns[column]?.push(after(column));
  };
  for (let rank = 0; rank < length; rank++) {
    const paired = partners.flatMap((map, place) => (map.has(rank) ? place + 1 : []));
    for (const column of paired) placeUpTo(column, partners[column - 1]?.get(rank) ?? 0);
    const row = Math.max(after(0), ...paired.map(after));
    for (const column of [0, ...paired]) columns[column]?.push(row);
  }
  for (const [place, nodes] of others.entries()) placeUpTo(place + 1, nodes.length);
  return { count: Math.max(0, ...columns.map((_, column) => after(column))), columns };
}

/**
 * The common subsequence of operators that is longest, of those the one with most equal weights: for
 * nodes of the second, their places in the first.
 */
function commonPairs(first: readonly Node[], second: readonly Node[]): Map<number, number> {
  const width = second.length + 1;
  const scores = new Uint32Array((first.length + 1) * width);
  const score = (one: number, other: number) => scores[one * width + other] ?? 0;
  const paired = (one: number, other: number) => {
    const gain = gains[likenessOf(first[one], second[other])];
    return gain === 0 ? 0 : gain + score(one + 1, other + 1);
  };
  for (let one = first.length - 1; one >= 0; one--)
    for (let other = second.length - 1; other >= 0; other--)
      scores[one * width + other] = Math.max(
        paired(one, other),
        score(one + 1, other),
        score(one, other + 1),
      );
  const pairs = new Map<number, number>();
  for (let one = 0, other = 0; one < first.length && other < second.length; ) {
    if (paired(one, other) > 0 && score(one, other) === paired(one, other))
      pairs.set(other++, one++);
    else if (score(one + 1, other) >= score(one, other + 1)) one++;
    else other++;
  }
  return pairs;
}

const gains = { same: 5, resized: 4, other: 0 } as const;
