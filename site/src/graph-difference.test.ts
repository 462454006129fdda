import { expect, test } from "vitest";
import type { NetworkGraph } from "#schema/network.ts";
import { efficientNetLite0, squeezeNet } from "../e2e/networks.ts";
import { align } from "./graph-difference.ts";

/** A chain, such as `Conv 9, Relu`. */
function chain(text: string): NetworkGraph {
  const nodes = text.split(", ").map((node) => node.split(" "));
  return {
    operators: nodes.map(([operator = ""]) => operator),
    nodes: nodes.map((_, at) => at),
    parameters: nodes.map(([, parameters = "0"]) => Number(parameters)),
    edges: nodes.slice(1).map((_, at) => [at, at + 1]),
  };
}

/** Each row: what every graph has there, with ~ where its weights are others and * where it is not shared. */
function rows(...graphs: string[]): string[] {
  const { rows, columns } = align(graphs.map(chain));
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map((nodes) => nodes.find((node) => node.row === row))
      .map((node) => (node ? `${node.operator}${marks[node.beside]}` : "-"))
      .join(" "),
  );
}

const marks = { same: "", resized: "~", other: "*" };

test("what two networks share stands in one row, the rest before or after", () => {
  expect(rows("Conv 9, Relu, Softmax", "Conv 9, Sigmoid, Pool, Softmax")).toEqual([
    "Conv Conv",
    "Relu* Sigmoid*",
    "- Pool*",
    "Softmax Softmax",
  ]);
});

test("an operator with other weights stands beside its like, and is told apart", () => {
  expect(rows("Conv 9, Relu", "Conv 8, Relu")).toEqual(["Conv~ Conv~", "Relu Relu"]);
  expect(rows("Conv 8, Conv 9", "Conv 9")).toEqual(["Conv* -", "Conv Conv"]);
});

test("of three networks, only what all have is shared", () => {
  expect(rows("Conv 9, Relu, Add", "Conv 9, Add", "Relu, Add, Mul")).toEqual([
    "Conv* Conv* -",
    "Relu* - Relu*",
    "Add Add Add",
    "- - Mul*",
  ]);
});

test("a network beside itself differs nowhere; every node has a row of its own", () => {
  const graph = squeezeNet().graph as NetworkGraph;
  const { rows, columns } = align([graph, graph]);
  expect(rows).toBe(graph.nodes.length);
  expect(columns.flat().every(({ beside }) => beside === "same")).toBe(true);
  const other = align([graph, efficientNetLite0().graph as NetworkGraph]);
  for (const nodes of other.columns)
    expect(nodes.map(({ row }) => row)).toEqual(
      [...new Set(nodes.map(({ row }) => row))].sort((a, b) => a - b),
    );
});
