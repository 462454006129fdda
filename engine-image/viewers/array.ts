/** Numbers in rows and columns, the last axis fastest, as numpy's C order has them. */
export interface NumberArray {
  shape: number[];
  data: ArrayLike<number>;
}

/** One axis of an array: how many elements, and how far apart neighbours lie in `data`. */
export interface AxisView {
  name: string;
  size: number;
  stride: number;
}

/** Numbers of a JSON prediction, nested by axis; what is no number becomes NaN. */
export function arrayOf(prediction: unknown, shape: readonly number[]): NumberArray {
  const flat = Array.isArray(prediction) ? prediction.flat(Number.POSITIVE_INFINITY) : [prediction];
  const data = new Float64Array(flat.map((value) => (value === null ? Number.NaN : Number(value))));
  const elements = shape.reduce((product, size) => product * size, 1);
  return { data, shape: elements === data.length ? [...shape] : [data.length] };
}

/** The axes of an array with their strides; names are what the output declares, where it does. */
export function axisViews(
  shape: readonly number[],
  names: readonly string[] | undefined,
): AxisView[] {
  const axes: AxisView[] = [];
  let stride = 1;
  for (let at = shape.length - 1; at >= 0; at -= 1) {
    const size = shape[at] ?? 1;
    axes.unshift({ name: names?.[at] ?? "", size, stride });
    stride *= size;
  }
  return axes;
}

/** Smallest and largest finite number; 0 and 0 where there is none. */
export function extent(data: ArrayLike<number>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] as number;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** The axes along x, y and maybe z, and the others that are longer than 1. */
export interface SpatialAxes {
  x: AxisView;
  y: AxisView;
  z: AxisView | undefined;
  others: AxisView[];
}

const meant = {
  x: /^(x|width|w|columns?)$/i,
  y: /^(y|height|h|rows?)$/i,
  z: /^(z|depth|d|slices?)$/i,
};

/** Find x, y and z by their names; without names the last axes are y, x, or z, y, x of three. */
export function spatialAxes(
  shape: readonly number[],
  names: readonly string[] | undefined,
): SpatialAxes | undefined {
  const all = axisViews(shape, names);
  const named = (which: keyof typeof meant) => all.find(({ name }) => meant[which].test(name));
  const long = all.filter(({ size }) => size > 1);
  const isNamed = named("x") !== undefined && named("y") !== undefined;
  const last = long.length >= 2 ? long : all;
  const x = isNamed ? named("x") : last.at(-1);
  const y = isNamed ? named("y") : last.at(-2);
  if (!x || !y) return undefined;
  const z = isNamed ? named("z") : long.length === 3 ? long[0] : undefined;
  const others = long.filter((axis) => axis !== x && axis !== y && axis !== z);
  return { x, y, z: z && z.size > 1 ? z : undefined, others };
}
