import type { Network, NetworkTensor } from "#schema/network.ts";
import { count, plural } from "#viewers/format.ts";

type Counts = { [name: string]: number };

/** What was read out of a network, in words; only what is known. */
export function networkFacts(network: Network): { name: string; value: string }[] {
  const { parameters, operators, activations, normalisers, depth, layers } = network;
  const kinds = Object.keys(operators ?? {}).length;
  const nodes = Object.values(operators ?? {}).reduce((sum, many) => sum + many, 0);
  const facts = [
    {
      name: "Parameters",
      value: [count(parameters.total), ...Object.keys(parameters.byType)].join(", "),
    },
    { name: "Operators", value: operators && `${count(nodes)} of ${plural(kinds, "kind")}` },
    {
      name: "Depth",
      value:
        depth === undefined
          ? ""
          : `${plural(depth, "operator")} on the longest path; ${plural(layers ?? 0, "layer")} with weights`,
    },
    { name: "Activations", value: activations && (uses(activations) || "none") },
    {
      name: "Normalisers",
      value: normalisers && (uses(normalisers) || "none, or folded into convolutions"),
    },
    { name: "Takes", value: tensors(network.inputs) },
    { name: "Gives", value: tensors(network.outputs) },
    { name: "Written by", value: network.producer },
    { name: "ONNX operators", value: network.opset && `version ${network.opset}` },
  ];
  return facts.flatMap(({ name, value }) => (value ? [{ name, value }] : []));
}

/** Its operators, and its parameters by operator, as bars. */
export function networkCharts({ operators, parameters }: Network) {
  return [
    { title: "Operators", items: bars(operators) },
    { title: "Parameters by operator", items: bars(parameters.byOperator) },
  ].filter(({ items }) => items.length > 0);
}

const uses = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, many]) => `${name} × ${count(many)}`)
    .join(", ");

const tensors = (list: NetworkTensor[] = []): string =>
  list
    .map(({ name, type, shape }) =>
      `${name}: ${type ?? "no tensor"} ${shape?.join(" × ") ?? ""}`.trim(),
    )
    .join("; ");

const bars = (counts: Counts = {}) =>
  Object.entries(counts).map(([name, value]) => ({ name, value, text: count(value) }));
