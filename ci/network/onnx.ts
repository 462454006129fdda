import type { NetworkTensor } from "#schema/network.ts";
import { FileBytes } from "./file-bytes.ts";
import type { Constant, Layer, Layers } from "./layers.ts";
import { readTensor, typeName } from "./onnx-tensor.ts";
import { Unreadable } from "./unreadable.ts";
import { type Field, WireReader } from "./wire.ts";

/** ONNX: https://github.com/onnx/onnx/blob/v1.19.0/onnx/onnx.proto, whose field numbers stand below. */

const mostParts = 100_000;
const deepestBody = 8;

export interface OnnxFile {
  producer?: string;
  opset?: number;
  graph: Layers;
}

/** What an ONNX file says of its network. Throws Unreadable where it is none. */
export function readOnnx(path: string): OnnxFile {
  return FileBytes.with(path, (file) =>
    new OnnxReader(new WireReader(file)).model({ start: 0, end: file.length }),
  );
}

type Place = Pick<Field, "start" | "end">;

class OnnxReader {
  readonly #wire: WireReader;
  #parts = 0;

  constructor(wire: WireReader) {
    this.#wire = wire;
  }

  model(place: Place): OnnxFile {
    let producer = "";
    let opset: number | undefined;
    let graph: Layers | undefined;
    for (const field of this.#wire.fields(place)) {
      if (field.number === 2) producer = this.#wire.text(field);
      else if (field.number === 3) producer = `${producer} ${this.#wire.text(field)}`.trim();
      else if (field.number === 7) graph = this.#graph(field, 0);
      else if (field.number === 8) opset = this.#opset(field) ?? opset;
    }
    if (!graph) throw new Unreadable("The file has no graph.");
    return { graph, ...(producer && { producer }), ...(opset !== undefined && { opset }) };
  }

  /** The version of the standard operators; of others, nothing. */
  #opset(place: Place): number | undefined {
    let domain = "";
    let version: number | undefined;
    for (const field of this.#wire.fields(place)) {
      if (field.number === 1) domain = this.#wire.text(field);
      else if (field.number === 2) version = field.value;
    }
    return isStandard(domain) && version !== undefined && version >= 0 ? version : undefined;
  }

  #graph(place: Place, level: number): Layers {
    if (level > deepestBody) throw new Unreadable(`Graphs lie in graphs, ${level} deep.`);
    const graph: Layers = { layers: [], constants: [], inputs: [], outputs: [] };
    for (const field of this.#wire.fields(place)) {
      if (field.number === 1) this.#addNode(graph, field, level);
      else if (field.number === 5) graph.constants.push(this.#tensor(field));
      else if (field.number === 11) graph.inputs.push(this.#valueInfo(field));
      else if (field.number === 12) graph.outputs.push(this.#valueInfo(field));
      else if (field.number === 15) graph.constants.push(this.#sparseTensor(field));
    }
    // Files up to IR version 3 list their weights among the inputs.
    const held = new Set(graph.constants.map(({ name }) => name));
    return { ...graph, inputs: graph.inputs.filter(({ name }) => !held.has(name)) };
  }

  /** A node; one that only holds a constant becomes that. */
  #addNode(graph: Layers, place: Place, level: number): void {
    this.#count();
    const layer: Layer = { operator: "", inputs: [], outputs: [], bodies: [], own: [] };
    let domain = "";
    for (const field of this.#wire.fields(place)) {
      if (field.number === 1) layer.inputs.push(this.#wire.text(field));
      else if (field.number === 2) layer.outputs.push(this.#wire.text(field));
      else if (field.number === 4) layer.operator = this.#wire.text(field);
      else if (field.number === 5) this.#addAttribute(layer, field, level);
      else if (field.number === 7) domain = this.#wire.text(field);
    }
    if (layer.operator === "Constant" && isStandard(domain)) {
      const [held = noNumbers] = layer.own;
      graph.constants.push({ ...held, name: layer.outputs[0] ?? "" });
      return;
    }
    if (!isStandard(domain)) layer.operator = `${domain}.${layer.operator}`;
    graph.layers.push(layer);
  }

  /** What of an attribute belongs to the network: a tensor, graphs, the numbers of a classifier. */
  #addAttribute(layer: Layer, place: Place, level: number): void {
    let name = "";
    let floats = 0;
    let value: Constant | undefined;
    for (const field of this.#wire.fields(place)) {
      if (field.number === 1) name = this.#wire.text(field);
      else if (field.number === 2) value = this.#float(field);
      else if (field.number === 5) layer.own.push(this.#tensor(field));
      else if (field.number === 6 || field.number === 11)
        layer.bodies.push(this.#graph(field, level + 1));
      else if (field.number === 7) floats += (field.end - field.start) / 4;
    }
    if (name === "value_float" && value) layer.own.push(value);
    // Classifiers and trees of ai.onnx.ml keep what they learnt in attributes.
    if (floats > 0 && learnt.has(name)) layer.own.push({ name, type: "float32", count: floats });
  }

  #tensor(place: Place): Constant {
    this.#count();
    return readTensor(this.#wire, place);
  }

  #sparseTensor(place: Place): Constant {
    for (const field of this.#wire.fields(place))
      if (field.number === 1) return this.#tensor(field);
    throw new Unreadable("A sparse tensor holds no values.");
  }

  #float({ start, end }: Field): Constant | undefined {
    if (end - start !== 4) return undefined;
    const value = this.#wire.file.bytes(start, end).readFloatLE();
    return { name: "", type: "float32", count: 1, value };
  }

  #valueInfo(place: Place): NetworkTensor {
    this.#count();
    let tensor: NetworkTensor = { name: "" };
    for (const field of this.#wire.fields(place)) {
      if (field.number === 1) tensor.name = this.#wire.text(field);
      else if (field.number === 2) tensor = { ...tensor, ...this.#type(field) };
    }
    return tensor;
  }

  /** Of a tensor, its type and shape; sequences and maps have none. */
  #type(place: Place): Omit<NetworkTensor, "name"> {
    const type: Omit<NetworkTensor, "name"> = {};
    for (const { number, start, end } of this.#wire.fields(place)) {
      if (number !== 1) continue;
      for (const field of this.#wire.fields({ start, end })) {
        if (field.number === 1) type.type = typeName(field.value);
        else if (field.number === 2) type.shape = this.#shape(field);
      }
    }
    return type;
  }

  #shape(place: Place): (number | string)[] {
    const shape: (number | string)[] = [];
    for (const { number, start, end } of this.#wire.fields(place)) {
      if (number !== 1) continue;
      this.#count();
      let size: number | string = "?";
      for (const field of this.#wire.fields({ start, end })) {
        if (field.number === 1 && field.value >= 0) size = field.value;
        else if (field.number === 2) size = this.#wire.text(field) || "?";
      }
      shape.push(size);
    }
    return shape;
  }

  #count(): void {
    this.#parts += 1;
    if (this.#parts > mostParts)
      throw new Unreadable(
        `The graph has more than ${mostParts.toLocaleString("en")} nodes and tensors.`,
      );
  }
}

const isStandard = (domain: string): boolean => domain === "" || domain === "ai.onnx";

const learnt = new Set([
  "coefficients",
  "intercepts",
  "rho",
  "support_vectors",
  "nodes_values",
  "class_weights",
  "target_weights",
]);

const noNumbers: Constant = { name: "", type: "int64", count: 0 };
