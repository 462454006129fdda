/** ONNX files for tests, field by field, so that they can also be wrong. */

type Content = number | string | Buffer;

/** A message of the fields given; a number becomes a varint. */
export function message(...fields: [number: number, content: Content][]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, content]) => {
      if (typeof content === "number") return [varint(number * 8), varint(content)];
      const bytes = Buffer.from(content);
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

/** A number as protobuf packs it; a negative one as 64 bits. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A tensor of float32, of zeros unless told. */
export function tensor(name: string, shape: number[], bytes?: Buffer): Buffer {
  const held = bytes ?? Buffer.alloc(4 * shape.reduce((all, size) => all * size, 1));
  const sizes = shape.map((size): [number, Content] => [1, size]);
  return message(...sizes, [2, 1], [8, name], [9, held]);
}

/** A tensor of one float32 and no axis. */
export function scalar(name: string, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return tensor(name, [], bytes);
}

/** A node of a graph; `more` are further fields, such as attributes. */
export function node(
  operator: string,
  inputs: string[],
  outputs: string[],
  ...more: [number, Content][]
): Buffer {
  const names = (number: number, list: string[]) =>
    list.map((name): [number, Content] => [number, name]);
  return message(...names(1, inputs), ...names(2, outputs), [4, operator], ...more);
}

const value = (name: string): Buffer =>
  message([1, name], [2, message([1, message([1, 1], [2, message([1, message([1, 3])])])])]);

/** A graph of nodes and tensors, from x to y. */
export function graph(nodes: Buffer[], tensors: Buffer[] = [], inputs = ["x"]): Buffer {
  return message(
    ...nodes.map((content): [number, Content] => [1, content]),
    ...tensors.map((content): [number, Content] => [5, content]),
    ...inputs.map((name): [number, Content] => [11, value(name)]),
    [12, value("y")],
  );
}

/** A model file around a graph, of opset 17. */
export const model = (content: Buffer): Buffer =>
  message([1, 8], [2, "test"], [3, "1.0"], [7, content], [8, message([2, 17])]);
