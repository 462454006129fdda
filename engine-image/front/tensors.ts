import type { Input } from "#schema/config.ts";
import { reader } from "../viewers/npy.ts";

/** Arrays as the Open Inference Protocol has them: little-endian, last axis fastest. */

type Elements =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

interface DataTypeInfo {
  /** The type in numpy's words. */
  dtype: string;
  bytes: number;
  /** Elements in memory. JavaScript has none of 16 bits with a point. */
  elements?: new (
    buffer: ArrayBuffer,
  ) => Elements;
}

const types = {
  BOOL: { dtype: "bool", bytes: 1, elements: Uint8Array },
  UINT8: { dtype: "uint8", bytes: 1, elements: Uint8Array },
  INT8: { dtype: "int8", bytes: 1, elements: Int8Array },
  UINT16: { dtype: "uint16", bytes: 2, elements: Uint16Array },
  INT16: { dtype: "int16", bytes: 2, elements: Int16Array },
  UINT32: { dtype: "uint32", bytes: 4, elements: Uint32Array },
  INT32: { dtype: "int32", bytes: 4, elements: Int32Array },
  UINT64: { dtype: "uint64", bytes: 8, elements: BigUint64Array },
  INT64: { dtype: "int64", bytes: 8, elements: BigInt64Array },
  FP16: { dtype: "float16", bytes: 2 },
  FP32: { dtype: "float32", bytes: 4, elements: Float32Array },
  FP64: { dtype: "float64", bytes: 8, elements: Float64Array },
} as const satisfies Record<string, DataTypeInfo>;

/** Type of a tensor's elements in the protocol's words; BYTES are files and texts. */
export type Datatype = keyof typeof types;

const byDtype = new Map(Object.entries(types).map(([name, { dtype }]) => [dtype as string, name]));

/** The protocol's word for numpy's. */
export function datatypeOf(dtype: string): Datatype {
  return byDtype.get(dtype) as Datatype;
}

/** Numpy's word for the protocol's. */
export function dtypeOf(datatype: Datatype): string {
  return types[datatype].dtype;
}

/** Bytes of one element. */
export function elementBytes(datatype: Datatype): number {
  return types[datatype].bytes;
}

/** Number of elements of a shape. */
export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Elements of JSON, flat or nested by axis, as bytes. A sentence where they are not as many as the
 * shape says, or not of the type. FP16 becomes FP32, which the caller has to name.
 */
export function packElements(
  values: unknown[],
  datatype: Exclude<Datatype, "FP16">,
  shape: readonly number[],
): Buffer | string {
  const expected = count(shape);
  const { elements: Elements, bytes } = types[datatype];
  const buffer = new ArrayBuffer(expected * bytes);
  const target = new Elements(buffer);
  const found = fill(values, target, 0, convertTo[datatype] ?? number);
  if (Number.isNaN(found)) return `its data holds a value that is no ${datatype}`;
  if (found !== expected)
    return `its data holds ${found > expected ? "more" : found} elements, and its shape says ${expected}`;
  return Buffer.from(buffer);
}

type Convert = (value: unknown) => number | bigint | undefined;

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function integer(least: number, most: number): Convert {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? value
      : undefined;
}

function bigInteger(least: bigint, most: bigint): Convert {
  return (value) => {
    if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
    const exact = BigInt(value);
    return exact >= least && exact <= most ? exact : undefined;
  };
}

const convertTo: Partial<Record<Datatype, Convert>> = {
  BOOL: (value) => {
    if (typeof value === "boolean") return Number(value);
    return value === 0 || value === 1 ? value : undefined;
  },
  UINT8: integer(0, 2 ** 8 - 1),
  INT8: integer(-(2 ** 7), 2 ** 7 - 1),
  UINT16: integer(0, 2 ** 16 - 1),
  INT16: integer(-(2 ** 15), 2 ** 15 - 1),
  UINT32: integer(0, 2 ** 32 - 1),
  INT32: integer(-(2 ** 31), 2 ** 31 - 1),
  UINT64: bigInteger(0n, 2n ** 64n - 1n),
  INT64: bigInteger(-(2n ** 63n), 2n ** 63n - 1n),
};

/** Write the values from place `at` on. Returns the place after them, NaN for one that can't be. */
function fill(values: unknown[], target: Elements, at: number, convert: Convert): number {
  let next = at;
  for (const value of values) {
    if (Array.isArray(value)) next = fill(value, target, next, convert);
    else if (next >= target.length) return next + 1;
    else {
      const element = convert(value);
      if (element === undefined) return Number.NaN;
      target[next] = element;
      next += 1;
    }
    if (!(next <= target.length)) return next;
  }
  return next;
}

/** A tensor's elements as JSON has them, flat. */
export function unpackElements(elements: Buffer, datatype: Datatype): (number | boolean)[] {
  const { elements: Elements } = types[datatype] as DataTypeInfo;
  if (!Elements) return halves(elements);
  // A copy, as the elements need not begin where the processor wants them.
  const copy = new Elements(new Uint8Array(elements).buffer);
  const values = new Array<number | boolean>(copy.length);
  if (datatype === "BOOL") for (let at = 0; at < copy.length; at += 1) values[at] = copy[at] !== 0;
  else for (let at = 0; at < copy.length; at += 1) values[at] = Number(copy[at]);
  return values;
}

function halves(elements: Buffer): number[] {
  const view = new DataView(elements.buffer, elements.byteOffset, elements.length);
  const read = reader("float", 2);
  return Array.from({ length: elements.length / 2 }, (_, index) => read(view, index * 2));
}

/** How a shape breaks an input's axes, in a clause; nothing where it fits. */
export function misfit({ axes }: Input, shape: readonly number[]): string | undefined {
  if (axes.length !== shape.length)
    return `has ${shape.length} axes, and the model takes ${axes.length} (${axes.map(({ name }) => name).join(", ")})`;
  for (const [index, { name, size }] of axes.entries()) {
    const have = shape[index] as number;
    const {
      min,
      max = Number.POSITIVE_INFINITY,
      step = 1,
    } = typeof size === "number" ? { min: size, max: size } : (size ?? { min: 0 });
    if (have < min || have > max || (have - min) % step !== 0)
      return `has ${have} along ${name}, and the model takes ${sizes(min, max, step)}`;
  }
  return undefined;
}

function sizes(min: number, max: number, step: number): string {
  if (min === max) return String(min);
  const range = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
  return step === 1 ? range : `${range} in steps of ${step}`;
}
