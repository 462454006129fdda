import { factsOf } from "#ci/network/facts.ts";
import type { Layer, Layers } from "#ci/network/layers.ts";
import type { Network } from "#schema/network.ts";

/** Networks of the test catalog: known architectures, counted by the code that counts real files. */

class Drawing {
  readonly #layers: Layer[] = [];
  #next = 0;

  /** Adds an operator with weights of these sizes; its output's name comes back. */
  add(operator: string, inputs: string[], ...weights: number[]): string {
    const name = `${operator}-${this.#next++}`;
    const own = weights.map((count, at) => ({ name: `${name}.${at}`, type: "float32", count }));
    this.#layers.push({ operator, inputs, outputs: [name], bodies: [], own });
    return name;
  }

  conv(input: string, from: number, to: number, size: number, ...more: number[]): string {
    return this.add("Conv", [input], from * to * size * size, ...more);
  }

  finish(output: string, pixels: number, classes: number): Omit<Network, "producer" | "opset"> {
    const image = { name: "image", type: "float32", shape: ["N", 3, pixels, pixels] };
    const probabilities = { name: output, type: "float32", shape: ["N", classes] };
    const network: Layers = {
      layers: this.#layers,
      constants: [six, zero],
      inputs: [image],
      outputs: [probabilities],
    };
    return factsOf(network);
  }
}

const zero = { name: "zero", type: "float32", count: 1, value: 0 };
const six = { name: "six", type: "float32", count: 1, value: 6 };

export function squeezeNet(): Network {
  const net = new Drawing();
  const relu = (input: string) => net.add("Relu", [input]);
  let at = net.add("MaxPool", [relu(net.conv("image", 3, 96, 7, 96))]);
  let wide = 96;
  for (const [place, squeeze] of [16, 16, 32, 32, 48, 48, 64, 64].entries()) {
    const narrow = relu(net.conv(at, wide, squeeze, 1, squeeze));
    const expand = squeeze * 4;
    const one = relu(net.conv(narrow, squeeze, expand, 1, expand));
    at = net.add("Concat", [one, relu(net.conv(narrow, squeeze, expand, 3, expand))]);
    if (place === 2 || place === 6) at = net.add("MaxPool", [at]);
    wide = expand * 2;
  }
  at = net.add("GlobalAveragePool", [relu(net.conv(at, wide, 1000, 1, 1000))]);
  const facts = net.finish(net.add("Softmax", [at]), 227, 1000);
  return { producer: "onnx-caffe2", opset: 13, ...facts };
}

export function efficientNetLite0(): Network {
  const net = new Drawing();
  const normal = (input: string, wide: number) =>
    net.add("BatchNormalization", [input], wide, wide, wide, wide);
  const relu6 = (input: string, wide: number) =>
    net.add("Clip", [normal(input, wide), "zero", "six"]);
  let at = relu6(net.conv("image", 3, 32, 3), 32);
  let wide = 32;
  const stages = [
    [1, 16, 1, 3],
    [6, 24, 2, 3],
    [6, 40, 2, 5],
    [6, 80, 3, 3],
    [6, 112, 3, 5],
    [6, 192, 4, 5],
    [6, 320, 1, 3],
  ] as const;
  for (const [expand, to, repeats, size] of stages)
    for (let round = 0; round < repeats; round++) {
      const inner = wide * expand;
      const start = expand === 1 ? at : relu6(net.conv(at, wide, inner, 1), inner);
      const deep = relu6(net.conv(start, 1, inner, size), inner);
      const end = normal(net.conv(deep, inner, to, 1), to);
      at = round > 0 ? net.add("Add", [end, at]) : end;
      wide = to;
    }
  at = net.add("GlobalAveragePool", [relu6(net.conv(at, wide, 1280, 1), 1280)]);
  at = net.add("Gemm", [net.add("Flatten", [at])], 1280 * 1000, 1000);
  const facts = net.finish(net.add("Softmax", [at]), 224, 1000);
  return { producer: "pytorch 2.5.1", opset: 17, ...facts };
}
