import { join } from "node:path";
import { inputChain } from "#operations/model-operations.ts";
import { Misfit } from "#operations/step.ts";
import type { Input, Output } from "#schema/config.ts";
import type { Network, NetworkTensor } from "#schema/network.ts";
import type { Contribution } from "../contribution.ts";
import { readNetwork } from "../network/read.ts";
import { type Problem, quote } from "../problems.ts";
import { hasFile, inConfig, plain } from "./folder.ts";
import { bound } from "./operations.ts";
import type { ContributionRule } from "./rule.ts";

type Part = Omit<Problem, "file">;

/** Without code, what comes to a tensor of the network, and what is taken of one, has its axes. */
export const tensorsFit: ContributionRule = ({ contribution }) => {
  const { inputs = [], outputs = [] } = contribution.parts;
  const network = networkWithoutCode(contribution);
  if (!network) return [];
  const problems = [
    ...inputs.flatMap((input, index) => inputProblems(input, index, network.inputs ?? [])),
    ...outputs.flatMap((output, index) => outputProblems(output, index, network.outputs ?? [])),
  ];
  return problems.map((problem) => inConfig(contribution, problem));
};

/** The network of a folder without code; of weights from elsewhere, only the test tells. */
function networkWithoutCode(contribution: Contribution): Network | undefined {
  const { folder, parts } = contribution;
  const [weights, ...more] = parts.weights?.filter(({ format }) => format === "onnx") ?? [];
  const isCode = hasFile(contribution, plain(parts.model?.entrypoint ?? "model.py"));
  if (isCode || more.length > 0 || weights?.path === undefined || weights.source) return undefined;
  if (!hasFile(contribution, weights.path)) return undefined;
  const reading = readNetwork(join(folder, weights.path), "onnx");
  return "network" in reading ? reading.network : undefined;
}

function inputProblems(input: Input, index: number, tensors: readonly NetworkTensor[]): Part[] {
  const key = `inputs[${index}]`;
  const tensor = find(tensors, input.tensor, index);
  if (!tensor) return [noTensor(key, input.tensor, tensors)];
  const chain = bound(() => inputChain(input));
  if (chain instanceof Misfit || !chain.axes || !tensor.shape) return [];
  const { axes } = chain;
  const isSame =
    axes.length === tensor.shape.length &&
    tensor.shape.every((size, at) => typeof size === "string" || (axes[at]?.size ?? size) === size);
  if (isSame) return [];
  const sizes = axes.map(({ name, size }) => (size === undefined ? name : `${name} ${size}`));
  return [
    {
      key: `${key}.${input.preprocessing?.length ? "preprocessing" : "axes"}`,
      expected: `an array as the network's ${described(tensor)} takes it`,
      got: `one of ${sizes.join(", ")}`,
      hint: "transpose orders axes, and adds and leaves out those of size 1",
    },
  ];
}

function outputProblems(output: Output, index: number, tensors: readonly NetworkTensor[]): Part[] {
  const key = `outputs[${index}]`;
  const wanted = [output.tensor].flat();
  const found = wanted.map((name) => find(tensors, name, index));
  const missing = found.indexOf(undefined);
  if (missing >= 0) return [noTensor(key, wanted[missing], tensors)];
  const [tensor, ...joined] = found;
  const [first] = output.postprocessing ?? [];
  const axes = first?.id === "name_axes" ? first.kwargs?.axes : undefined;
  if (!tensor?.shape || !axes || joined.length > 0) return [];
  if (axes.length === tensor.shape.length) return [];
  return [
    {
      key: `${key}.postprocessing[0].kwargs.axes`,
      expected: `a name for each axis of the network's ${described(tensor)}`,
      got: axes.join(", "),
    },
  ];
}

function find(tensors: readonly NetworkTensor[], name: string | undefined, index: number) {
  return name === undefined ? tensors[index] : tensors.find((one) => one.name === name);
}

function noTensor(key: string, name: string | undefined, tensors: readonly NetworkTensor[]): Part {
  const has = tensors.map((tensor) => quote(tensor.name)).join(", ");
  return {
    key: `${key}.tensor`,
    expected: `a tensor of the network (${has})`,
    got: name === undefined ? "none in its place" : quote(name),
    hint: "`npx modelhub inspect FILE` prints them",
  };
}

const described = ({ name, shape = [] }: NetworkTensor) => `${name} [${shape.join(", ")}]`;
