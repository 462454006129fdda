/** Arrays as browsers, Node and ONNX Runtime Web have them: numbers row by row, with a shape. */

export type Data =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array;

export interface NumberArray {
  data: Data;
  shape: readonly number[];
}

const constructors = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
  // Most browsers have no array of float16; the numbers stay as they are.
  float16: Float32Array,
  // JavaScript has no array of truths; 1 stands for true.
  bool: Uint8Array,
} as const;

export type DataType = keyof typeof constructors;

/** Least and greatest of each type of integers. */
const ranges: Partial<Record<DataType, [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** Whether arrays can have this type of elements. */
export function isDataType(name: string): name is DataType {
  return Object.hasOwn(constructors, name);
}

/** The array in a type; integers are rounded half to even and clipped. Throws for NaN as integer. */
export function convert({ data, shape }: NumberArray, dtype: DataType): NumberArray {
  if (dtype !== "bool" && data instanceof constructors[dtype]) return { data, shape };
  const range = ranges[dtype];
  if (dtype === "bool") return { data: mapped(data, Uint8Array, (value) => +(value !== 0)), shape };
  if (!range) return { data: dtype === "float64" ? doubles(data) : floats({ data, shape }), shape };
  const whole = (value: number) => {
    if (!Number.isFinite(value)) throw new Error("holds NaN or infinity, which no integer can be");
    return Math.min(Math.max(halfToEven(value), range[0]), range[1]);
  };
  if (dtype === "int64")
    return {
      data: BigInt64Array.from(data as Float64Array, (value) => BigInt(whole(Number(value)))),
      shape,
    };
  return { data: mapped(data, constructors[dtype] as Int32ArrayConstructor, whole), shape };
}

/** The numbers as float32, not copied if they are. */
export function floats({ data }: NumberArray): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof BigInt64Array ? Float32Array.from(data, Number) : new Float32Array(data);
}

function doubles(data: Data): Float64Array {
  return data instanceof BigInt64Array ? Float64Array.from(data, Number) : new Float64Array(data);
}

/** Each element by a function of its number; millions of them, so no lists on the way. */
function mapped<Typed extends { [at: number]: number }>(
  data: Data,
  type: new (length: number) => Typed,
  of: (value: number) => number,
): Typed {
  const result = new type(data.length);
  for (let at = 0; at < data.length; at += 1) result[at] = of(Number(data[at]));
  return result;
}

/** A new array of the same type of elements, all 0. */
export function zeros(like: Data, length: number): Data {
  return new (like.constructor as Float32ArrayConstructor)(length);
}

/** How many elements a shape has. */
export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Element `i` along an axis is at `outer * size * inner + i * inner + rest`. */
export interface Layout {
  outer: number;
  size: number;
  inner: number;
}

/** How an array's elements lie about one of its axes. */
export function layout(shape: readonly number[], axis: number): Layout {
  return {
    outer: count(shape.slice(0, axis)),
    size: shape[axis] ?? 1,
    inner: count(shape.slice(axis + 1)),
  };
}

/** The shape with another size along an axis. */
export function withSize(shape: readonly number[], axis: number, size: number): number[] {
  return shape.map((old, index) => (index === axis ? size : old));
}

/** A shape for people: 224 × 224 × 3. */
export function by(shape: readonly number[]): string {
  return shape.length === 0 ? "a single number" : shape.join(" × ");
}

function halfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
}

/** Copies so many elements from a place of an array to a place of another of its type. */
export function copy(from: Data, start: number, to: Data, at: number, length: number): void {
  to.set(from.subarray(start, start + length) as never, at);
}
