import type { NumberArray } from "./array.ts";

export type Numbers = Float32Array | Float64Array;
export type Read = (view: DataView, at: number) => number;

const reads: Record<string, Read> = {
  float2: (view, at) => half(view.getUint16(at, true)),
  float4: (view, at) => view.getFloat32(at, true),
  float8: (view, at) => view.getFloat64(at, true),
  int1: (view, at) => view.getInt8(at),
  int2: (view, at) => view.getInt16(at, true),
  int4: (view, at) => view.getInt32(at, true),
  int8: (view, at) => Number(view.getBigInt64(at, true)),
  uint1: (view, at) => view.getUint8(at),
  uint2: (view, at) => view.getUint16(at, true),
  uint4: (view, at) => view.getUint32(at, true),
  uint8: (view, at) => Number(view.getBigUint64(at, true)),
};

/** How a number of that many bytes is read, the lowest byte first. Throws for one that isn't. */
export function reader(kind: "float" | "int" | "uint", bytes: number): Read {
  const read = reads[`${kind}${bytes}`];
  if (read) return read;
  throw new Error(`no ${kind} has ${bytes} bytes`);
}

/** Room for numbers of that kind, in 32 bits where these hold all of them. */
export function numbers(kind: "float" | "int" | "uint", bytes: number, length: number): Numbers {
  const isNarrow = bytes <= (kind === "float" ? 4 : 2);
  return isNarrow ? new Float32Array(length) : new Float64Array(length);
}

const kinds = { f: "float", i: "int", u: "uint", b: "uint" } as const;

/** The array in a `.npy` file, in C order; nothing if the file is another or can't be drawn. */
export function readNpy(file: Uint8Array): NumberArray | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < 12 || view.getUint32(0) !== 0x934e554d) return undefined;

  const isFirstVersion = view.getUint8(6) === 1;
  const headerAt = isFirstVersion ? 10 : 12;
  const dataAt = headerAt + (isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder("latin1").decode(file.subarray(headerAt, dataAt));
  const [, letter, width] = /'descr':\s*'[<|]([fiub])([1248])'/.exec(header) ?? [];
  if (letter === undefined) return undefined;
  const kind = kinds[letter as keyof typeof kinds];
  const bytes = Number(width);
  const read = reader(kind, bytes);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const length = shape.reduce((product, size) => product * size, 1);
  if (dataAt + length * bytes > view.byteLength) return undefined;

  const data = numbers(kind, bytes, length);
  for (let at = 0; at < length; at += 1) data[at] = read(view, dataAt + at * bytes);
  const isFortran = /'fortran_order':\s*True/.test(header);
  return { shape, data: isFortran ? cOrder(data, shape) : data };
}

const descriptions = [
  [Uint8Array, "|u1"],
  [Int8Array, "|i1"],
  [Uint16Array, "<u2"],
  [Int16Array, "<i2"],
  [Int32Array, "<i4"],
  [BigInt64Array, "<i8"],
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
] as const;

/** An array as a `.npy` file, for machines whose lowest byte is first: all that browsers run on. */
export function writeNpy(data: ArrayBufferView<ArrayBuffer>, shape: readonly number[]): Blob {
  const description = descriptions.find(([type]) => data instanceof type)?.[1];
  const sizes = shape.map((size) => `${size},`).join(" ");
  const header = `{'descr': '${description}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version, length and header end at a multiple of 64.
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = new Uint8Array(10);
  start.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  const elements = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Blob([start, padded, elements], { type: "application/x-npy" });
}

/** Numbers whose first axis is fastest, brought into the order in which the last one is. */
function cOrder(data: Numbers, shape: number[]): Numbers {
  const ordered = data.slice();
  const places = shape.map(() => 0);
  for (const value of data) {
    let to = 0;
    for (let axis = 0; axis < shape.length; axis += 1)
      to = to * (shape[axis] ?? 1) + (places[axis] ?? 0);
    ordered[to] = value;
    for (let axis = 0; axis < shape.length; axis += 1) {
      const next = (places[axis] ?? 0) + 1;
      places[axis] = next === shape[axis] ? 0 : next;
      if (places[axis] !== 0) break;
    }
  }
  return ordered;
}

/** A 16-bit float from its bits; engines without Float16Array are still about. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
