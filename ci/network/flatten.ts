import type { Constant, Layers } from "./layers.ts";
import { Unreadable } from "./unreadable.ts";

/** A node of a network without inner graphs: an inner graph's nodes come before the one that holds it. */
export interface FlatNode {
  operator: string;
  /** Places of the nodes whose outputs it takes. */
  from: number[];
  /** Constants that it takes, and its own. */
  constants: Constant[];
}

type Value = { node: number } | { constant: Constant } | "input";

/** Names of an inner graph are looked up there first, then around it. */
interface Scope {
  values: Map<string, Value>;
  outer?: Scope;
}

/**
 * The nodes in the order of running, each by what it takes. What only rearranges constants, such as
 * dequantised weights, is no node: its constants go to whom it gives them. Throws Unreadable where a
 * node takes what nothing before it gives, which also rules out circles.
 */
export function flatten(network: Layers): FlatNode[] {
  const nodes: FlatNode[] = [];
  addLayers(network, { values: new Map() }, nodes);
  return nodes;
}

/** Adds a graph's nodes; the result is what its outputs are. */
function addLayers(graph: Layers, scope: Scope, nodes: FlatNode[]): Value[] {
  for (const { name } of graph.inputs) scope.values.set(name, "input");
  for (const constant of graph.constants) scope.values.set(constant.name, { constant });
  for (const layer of graph.layers) {
    const { operator } = layer;
    const taken = layer.inputs
      .filter((name) => name !== "")
      .map((name) => lookUp(name, scope, operator));
    for (const body of layer.bodies)
      taken.push(...addLayers(body, { values: new Map(), outer: scope }, nodes));
    const constants = constantsOf(taken);
    const isConstant = taken.length > 0 && constants.length === taken.length;
    const value: Value = isConstant ? { constant: largest(constants) } : { node: nodes.length };
    if (!isConstant)
      nodes.push({ operator, from: nodesOf(taken), constants: [...constants, ...layer.own] });
    for (const name of layer.outputs) scope.values.set(name, value);
  }
  return graph.outputs.flatMap(({ name }) => find(name, scope) ?? []);
}

function lookUp(name: string, scope: Scope, operator: string): Value {
  const value = find(name, scope);
  if (value) return value;
  throw new Unreadable(`A node ${operator} takes “${name}”, which nothing before it gives.`);
}

function find(name: string, scope: Scope | undefined): Value | undefined {
  return scope && (scope.values.get(name) ?? find(name, scope.outer));
}

const nodesOf = (values: readonly Value[]): number[] => [
  ...new Set(values.flatMap((value) => (value !== "input" && "node" in value ? value.node : []))),
];

const constantsOf = (values: readonly Value[]): Constant[] =>
  values.flatMap((value) => (value !== "input" && "constant" in value ? value.constant : []));

// Beside scales and zero points, the weights themselves.
const largest = (constants: readonly Constant[]): Constant =>
  constants.reduce((most, one) => (one.count > most.count ? one : most));
