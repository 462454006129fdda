import type { FlatNode } from "./flatten.ts";
import type { Constant } from "./layers.ts";
import { activationOf, normaliserOf } from "./roles.ts";

/** The activation of each node that is one, also of those that are written as several operators. */
export function activations(nodes: readonly FlatNode[]): string[] {
  const names = nodes.map(nameOf);
  for (const { operator, from } of nodes) {
    if (operator !== "Mul" || from.length !== 2) continue;
    const gate = from.find((place) => from.some((other) => isGateOf(nodes, place, other)));
    const gated = gate === undefined ? undefined : gatedNames[nodes[gate]?.operator ?? ""];
    if (gate !== undefined && gated) names[gate] = gated;
  }
  return names.filter((name) => name !== undefined);
}

/** The normaliser of each node that is one; a layer normalisation may be written out. */
export function normalisers(nodes: readonly FlatNode[]): string[] {
  return nodes.flatMap((node) => {
    const name = normaliserOf(node.operator);
    if (name) return name;
    return isWrittenOut(nodes, node) ? "layer normalisation" : [];
  });
}

function nameOf({ operator, constants }: FlatNode): string | undefined {
  if (operator === "Clip" && isToSix(constants)) return "ReLU6";
  return operator === "Erf" ? "GELU" : activationOf(operator);
}

const isToSix = (constants: readonly Constant[]): boolean =>
  constants.map(({ value }) => value).join() === "0,6";

const gatedNames: { [operator: string]: string } = {
  Sigmoid: "SiLU",
  HardSigmoid: "hard swish",
  Clip: "hard swish",
};

/** x · sigmoid(x): the gate takes what it is multiplied with, at most moved by a number. */
function isGateOf(nodes: readonly FlatNode[], place: number, other: number): boolean {
  const [before = -1, ...more] = nodes[place]?.from ?? [];
  if (place === other || more.length > 0) return false;
  return before === other || (nodes[before]?.operator === "Add" && takesOnly(nodes, before, other));
}

const takesOnly = (nodes: readonly FlatNode[], place: number, other: number): boolean =>
  nodes[place]?.from.length === 1 && nodes[place].from[0] === other;

/** x / sqrt(mean(…) + ε), as exporters write what their operators lack. */
function isWrittenOut(nodes: readonly FlatNode[], { operator, from }: FlatNode): boolean {
  if (operator !== "Div") return false;
  return from.some((place) => {
    const chain = ["Sqrt", "Add", "ReduceMean"];
    let at: number | undefined = place;
    for (const wanted of chain) {
      if (at === undefined || nodes[at]?.operator !== wanted) return false;
      at = nodes[at]?.from[0];
    }
    return true;
  });
}
