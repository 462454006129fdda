import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Network } from "#schema/network.ts";
import { Network as Shape } from "#schema/network.ts";
import { root } from "../home.ts";
import { graph, message, model, node, scalar, tensor, varint } from "./onnx-double.ts";
import { readNetwork } from "./read.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-network-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: Buffer): ReturnType<typeof readNetwork> {
  const file = join(folder, "network.onnx");
  writeFileSync(file, content);
  return readNetwork(file, "onnx");
}

function network(...parts: Parameters<typeof graph>): Network {
  const reading = read(model(graph(...parts)));
  if ("unread" in reading) throw new Error(reading.unread);
  return Shape.parse(reading.network);
}

const repeated = (part: Buffer, times: number): Buffer =>
  Buffer.concat(Array<Buffer>(times).fill(part));

const unread = (content: Buffer) => {
  const reading = read(content);
  return "unread" in reading ? reading.unread : reading;
};

test("reads the template's network", () => {
  const reading = readNetwork(join(root, "contrib-template/weights/digits.onnx"), "onnx");
  expect(reading).toMatchObject({
    network: {
      opset: 17,
      inputs: [{ name: "ink", type: "float32", shape: [1, 64] }],
      operators: { Gemm: 1, Softmax: 1 },
      parameters: { total: 650, byType: { float32: 650 }, byOperator: { Gemm: 650 } },
      activations: { softmax: 1 },
      depth: 2,
      layers: 1,
    },
  });
});

test("counts no number that stands alone, which nobody trains", () => {
  const half = network([node("Mul", ["x", "half"], ["y"])], [scalar("half", 0.5)]);
  expect(half.parameters).toEqual({ total: 0, byType: {}, byOperator: {} });
});

test("counts operators, the longest path, and parameters where they are used", () => {
  const residual = network(
    [
      node("Conv", ["x", "w"], ["a"]),
      node("BatchNormalization", ["a", "scale"], ["b"]),
      node("Relu", ["b"], ["c"]),
      node("Conv", ["c", "w"], ["d"]),
      node("Add", ["d", "x"], ["y"]),
    ],
    [tensor("w", [8, 3, 3, 3]), tensor("scale", [8])],
  );
  expect(residual).toMatchObject({
    producer: "test 1.0",
    operators: { Conv: 2, BatchNormalization: 1, Relu: 1, Add: 1 },
    depth: 5,
    layers: 1,
    parameters: { total: 224, byOperator: { Conv: 216, BatchNormalization: 8 } },
    normalisers: { "batch normalisation": 1 },
  });
  expect(residual.graph).toEqual({
    operators: ["Conv", "BatchNormalization", "Relu", "Add"],
    nodes: [0, 1, 2, 0, 3],
    parameters: [216, 8, 0, 0, 0],
    edges: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ],
  });
});

test("weights that are dequantised first belong to whom they are given", () => {
  const quantised = network(
    [node("DequantizeLinear", ["w", "scale"], ["v"]), node("MatMul", ["x", "v"], ["y"])],
    [tensor("w", [4, 5]), scalar("scale", 0.1)],
  );
  expect(quantised.operators).toEqual({ MatMul: 1 });
  expect(quantised.parameters.byOperator).toEqual({ MatMul: 20 });
});

test("activations and normalisers are seen where they are written out", () => {
  const written = network(
    [
      node("Neg", ["x"], ["n"]),
      node("Sigmoid", ["n"], ["s"]),
      node("Mul", ["n", "s"], ["silu"]),
      node("Add", ["silu", "three"], ["moved"]),
      node("Clip", ["moved", "zero", "six"], ["clipped"]),
      node("Mul", ["silu", "clipped"], ["swish"]),
      node("Clip", ["swish", "zero", "six"], ["relu6"]),
      node("Clip", ["relu6", "zero", "three"], ["range"]),
      node("ReduceMean", ["range"], ["mean"]),
      node("Add", ["mean", "three"], ["moved-mean"]),
      node("Sqrt", ["moved-mean"], ["root"]),
      node("Div", ["range", "root"], ["normal"]),
      node("Sigmoid", ["normal"], ["gate"]),
      node("Mul", ["x", "gate"], ["y"]),
    ],
    [scalar("zero", 0), scalar("three", 3), scalar("six", 6)],
  );
  expect(written.activations).toEqual({ SiLU: 1, "hard swish": 1, ReLU6: 1, sigmoid: 1 });
  expect(written.normalisers).toEqual({ "layer normalisation": 1 });
});

test("the branches of an If count, and see what lies around them", () => {
  const branch = graph([node("Conv", ["x", "w"], ["y"])], [], []);
  const branched = network(
    [node("If", ["x"], ["y"], [5, message([1, "then_branch"], [6, branch])])],
    [tensor("w", [2, 2])],
  );
  expect(branched.operators).toEqual({ Conv: 1, If: 1 });
  expect(branched.depth).toBe(2);
  expect(branched.parameters.total).toBe(4);
});

test("constants count wherever they lie, and are no operators", () => {
  const held = network([
    node("Constant", [], ["w"], [5, message([1, "value"], [5, tensor("", [6])])]),
    node("Mul", ["x", "w"], ["y"]),
  ]);
  expect(held.operators).toEqual({ Mul: 1 });
  expect(held.parameters.total).toBe(6);
});

test("weights are passed over: a file of 3 GB takes little memory", () => {
  const before = process.memoryUsage().rss;
  const bytes = 3_000_000_000;
  // The last field of the file, so that its zeros need no disk.
  const weights = message([1, bytes / 4], [2, 1], [8, "w"]);
  const start = Buffer.concat([weights, varint(9 * 8 + 2), varint(bytes)]);
  const nodes = message([1, node("MatMul", ["x", "w"], ["y"])], [11, message([1, "x"])]);
  const initializer = Buffer.concat([varint(5 * 8 + 2), varint(start.length + bytes), start]);
  const inner = nodes.length + initializer.length + bytes;
  const file = join(folder, "large.onnx");
  const head = Buffer.concat([varint(7 * 8 + 2), varint(inner), nodes, initializer]);
  writeFileSync(file, head);
  truncateSync(file, head.length + bytes);
  expect(readNetwork(file, "onnx")).toMatchObject({
    network: { parameters: { total: bytes / 4 } },
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000);
});

describe("what is damaged or made to harm ends in a sentence", () => {
  const conv = node("Conv", ["x", "w"], ["y"]);
  let nested = graph([conv]);
  for (let level = 0; level < 20; level++)
    nested = graph([node("If", ["x"], ["y"], [5, message([6, nested])])]);
  const many = Array.from({ length: 201 }, (_, at) => node(`Op${at}`, ["x"], ["y"]));

  test.each([
    ["nothing", Buffer.alloc(0), "The file has no graph."],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n"), "longer than the file"],
    [
      "a cut file",
      model(graph([conv])).subarray(0, -5),
      "A part of the file says that it is longer",
    ],
    ["a varint without end", Buffer.alloc(40, 0xff), "It is no protocol buffer."],
    ["a length beyond 64 bits", Buffer.concat([varint(58), varint(2 ** 62)]), "A part of the file"],
    ["graphs in graphs", model(nested), "Graphs lie in graphs, 9 deep."],
    ["a circle", model(graph([node("Add", ["b"], ["a"]), node("Add", ["a"], ["b"])])), "takes “b”"],
    [
      "a missing value",
      model(graph([conv])),
      "A node Conv takes “w”, which nothing before it gives.",
    ],
    ["a boast", model(graph([conv], [tensor("w", [1e6, 1e6], Buffer.alloc(4))])), "other numbers"],
    [
      "an overflow",
      model(graph([conv], [tensor("w", [1e9, 1e9], Buffer.alloc(4))])),
      "no file can",
    ],
    ["a negative size", model(graph([conv], [tensor("w", [-4], Buffer.alloc(4))])), "no file can"],
    ["a long name", model(graph([node("x".repeat(2000), ["x"], ["y"])])), "longer than 1024 bytes"],
    ["kinds without end", model(graph(many)), "more than 200 kinds of operators"],
    [
      "weights elsewhere",
      model(graph([conv], [message([2, 1], [8, "w"], [14, 1])])),
      "another file",
    ],
  ])("%s", (_, content, sentence) => {
    expect(unread(content)).toContain(sentence);
  });

  test("nodes without end", () => {
    const nodes = repeated(message([1, node("A", ["x"], ["y"])]), 100_001);
    expect(unread(model(Buffer.concat([graph([]), nodes])))).toBe(
      "The graph has more than 100,000 nodes and tensors.",
    );
  });

  test("fields without end, and axes without end", () => {
    expect(unread(model(message([5, Buffer.alloc(12_000_000, 8)])))).toContain("fields");
    const axes = message([1, Buffer.alloc(6_000_000, 1)], [2, 1], [8, "w"]);
    expect(unread(model(graph([conv], [axes])))).toContain("fields");
  });

  test("names without end", () => {
    const inputs = repeated(message([1, "x".repeat(1000)]), 33_000);
    expect(unread(model(graph([Buffer.concat([node("Add", [], ["y"]), inputs])])))).toBe(
      "The names in the file take more than 32 MB.",
    );
  });

  test("names are no prototypes, and hide no control characters", () => {
    const named = network([
      node("__proto__", ["x"], ["a"]),
      node("constructor", ["a"], ["b"]),
      node("Re\u202elu", ["b"], ["y"]),
    ]);
    expect(Object.keys(named.operators ?? {})).toContain("constructor");
    expect(named.activations).toEqual({});
    expect(JSON.stringify(named)).not.toContain("\u202e");
  });

  test("any byte of a network may be another, and nothing is thrown", () => {
    const good = model(graph([conv, node("Relu", ["y"], ["z"])], [tensor("w", [2, 2])]));
    for (let at = 0; at < good.length; at++)
      for (const byte of [0, 1, 127, 128, 255]) {
        const bad = Buffer.from(good);
        bad[at] = byte;
        expect(() => read(bad)).not.toThrow();
      }
  });
});
