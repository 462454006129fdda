import type { Input } from "#schema/config.ts";
import { readNpy } from "../viewers/npy.ts";

/** Arrays as the Open Inference Protocol and numpy have them: little-endian, last axis fastest. */

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
  /** The type in numpy's words, and as .npy files write it. */
  dtype: string;
  descr: string;
  bytes: number;
  /** Elements in memory. JavaScript has none of 16 bits with a point. */
  elements?: new (
    buffer: ArrayBuffer,
  ) => Elements;
}

const types = {
  BOOL: { dtype: "bool", descr: "|b1", bytes: 1, elements: Uint8Array },
  UINT8: { dtype: "uint8", descr: "|u1", bytes: 1, elements: Uint8Array },
  INT8: { dtype: "int8", descr: "|i1", bytes: 1, elements: Int8Array },
  UINT16: { dtype: "uint16", descr: "<u2", bytes: 2, elements: Uint16Array },
  INT16: { dtype: "int16", descr: "<i2", bytes: 2, elements: Int16Array },
  UINT32: { dtype: "uint32", descr: "<u4", bytes: 4, elements: Uint32Array },
  INT32: { dtype: "int32", descr: "<i4", bytes: 4, elements: Int32Array },
  UINT64: { dtype: "uint64", descr: "<u8", bytes: 8, elements: BigUint64Array },
  INT64: { dtype: "int64", descr: "<i8", bytes: 8, elements: BigInt64Array },
  FP16: { dtype: "float16", descr: "<f2", bytes: 2 },
  FP32: { dtype: "float32", descr: "<f4", bytes: 4, elements: Float32Array },
  FP64: { dtype: "float64", descr: "<f8", bytes: 8, elements: Float64Array },
} as const satisfies Record<string, DataTypeInfo>;

/** Type of a tensor's elements in the protocol's words; BYTES are files and texts. */
export type Datatype = keyof typeof types;

const byDtype = new Map(Object.entries(types).map(([name, { dtype }]) => [dtype as string, name]));

/** The protocol's word for numpy's. */
export function datatypeOf(dtype: string): Datatype {
  return byDtype.get(dtype) as Datatype;
}

export function elementBytes(datatype: Datatype): number {
  return types[datatype].bytes;
}

/** Number of elements of a shape. */
export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The header of a .npy file; the elements come right after. */
export function npyHeader(datatype: Datatype, shape: readonly number[]): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${types[datatype].descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The format asks that the elements begin at a multiple of 64.
  const length = 64 * Math.ceil((text.length + 11) / 64) - 10;
  const header = Buffer.alloc(10 + length, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(length, 8);
  header.write(text, 10, "latin1");
  header.write("\n", header.length - 1);
  return header;
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

/** What the header of a .npy file says, and at which byte the elements begin. */
export interface NpyHeader {
  datatype: Datatype;
  shape: number[];
  offset: number;
  isFortran: boolean;
}

const byDescr = new Map(Object.entries(types).map(([name, { descr }]) => [descr as string, name]));

/** Read the header of one of the worker's .npy files. Raises for a type that no tensor has. */
export function readNpyHeader(file: Buffer): NpyHeader {
  const isFirstVersion = file[6] === 1;
  const start = isFirstVersion ? 10 : 12;
  const offset = start + (isFirstVersion ? file.readUInt16LE(8) : file.readUInt32LE(8));
  const text = file.toString("latin1", start, offset);
  const descr = /'descr': *'([^']+)'/.exec(text)?.[1] ?? "";
  const datatype = byDescr.get(descr) as Datatype | undefined;
  if (!datatype) throw new Error(`the worker gave an array of type ${descr}`);
  const shape = /'shape': *\(([^)]*)\)/.exec(text)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  return { datatype, shape, offset, isFortran: text.includes("'fortran_order': True") };
}

/** The elements of a .npy file in bytes, the last axis fastest. */
export function elementsOf(
  file: Buffer,
  { datatype, shape, offset, isFortran }: NpyHeader,
): Buffer {
  const { bytes } = types[datatype];
  const elements = file.subarray(offset, offset + count(shape) * bytes);
  return isFortran ? lastAxisFastest(elements, shape, bytes) : elements;
}

function lastAxisFastest(elements: Buffer, shape: number[], bytes: number): Buffer {
  const ordered = Buffer.alloc(elements.length);
  const places = shape.map(() => 0);
  for (let from = 0; from < elements.length; from += bytes) {
    const to = shape.reduce((place, size, axis) => place * size + (places[axis] as number), 0);
    elements.copy(ordered, to * bytes, from, from + bytes);
    for (const [axis, size] of shape.entries()) {
      places[axis] = ((places[axis] as number) + 1) % size;
      if (places[axis] !== 0) break;
    }
  }
  return ordered;
}

/** The elements of a .npy file as JSON has them, flat. */
export function unpackElements(file: Buffer, header: NpyHeader): (number | boolean)[] {
  const { elements: Elements } = types[header.datatype] as DataTypeInfo;
  if (!Elements) return Array.from(readNpy(file)?.data ?? []);
  // A copy, as the elements need not begin where the processor wants them.
  const copy = new Uint8Array(elementsOf(file, header)).buffer;
  const elements = new Elements(copy) as Iterable<number | bigint>;
  const toJson: (value: unknown) => number | boolean =
    header.datatype === "BOOL" ? Boolean : Number;
  return Array.from(elements, toJson);
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
