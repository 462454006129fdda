import {
  by,
  convert,
  count,
  type Data,
  floats,
  layout,
  type NumberArray,
  withSize,
  zeros,
} from "./array.ts";
import type { Move } from "./placement.ts";
import { type Grid, type Interpolation, resample } from "./sampling.ts";
import {
  axisOf,
  each,
  extents,
  inputOf,
  Misfit,
  names,
  type Operation,
  place,
  pure,
  required,
  requireOne,
  requireSize,
  requireUnique,
  resized,
  sizesOf,
  type Value,
} from "./step.ts";

/** Operations that change shapes: sizes, order and choice of elements, never their values. */

type Sizes = Readonly<Record<string, number>>;

/** Bring axes to a size. */
export const resize: Operation = (given, kwargs) => {
  const shape = required<Sizes>(kwargs, "shape");
  const { fit = "stretch", interpolation = "linear" } = kwargs;
  const after = mapSizes(shape, (size) => (fit === "stretch" ? size : undefined));
  const moves = (sizes: Sizes) => {
    const fitted = fit === "stretch" ? shape : byOneFactor(sizes, shape, fit);
    return mapSizes(
      fitted,
      (size, name): Move => ({ scale: size / at(sizes, name), shift: 0, size }),
    );
  };
  return {
    axes: resized(given, after),
    moves,
    run: (value) =>
      regrid(value, given, moves, interpolation, ({ size }, had) => ({
        size,
        step: had / size,
        start: 0,
      })),
  };
};

/** Sizes by one factor, so that no axis falls short of its size (cover) or exceeds it (contain). */
function byOneFactor(sizes: Sizes, shape: Sizes, fit: "cover" | "contain"): Record<string, number> {
  const factors = Object.entries(shape).map(([name, size]) => size / at(sizes, name));
  const factor = fit === "cover" ? Math.max(...factors) : Math.min(...factors);
  const leading = Object.keys(shape)[factors.indexOf(factor)] ?? "";
  const [wanted, had] = [at(shape, leading), at(sizes, leading)];
  // In whole numbers, so that halves are rounded up everywhere.
  return mapSizes(shape, (_, name) =>
    Math.max(1, Math.floor((2 * at(sizes, name) * wanted + had) / (2 * had))),
  );
}

/** Cut out the middle. */
export const centerCrop: Operation = (given, kwargs) => {
  requireOne(kwargs, "shape", "fraction");
  const shape: Sizes | undefined = kwargs["shape"];
  const chosen = shape ? Object.keys(shape) : extents(given);
  const after = shape ?? each(chosen, undefined);
  const axes = resized(given, after);
  if (shape)
    requireRoom(
      shape,
      mapSizes(each(chosen, 0), (_, name) => axisOf(name, given).size),
    );
  const moves = (sizes: Sizes) => {
    const wanted =
      shape ??
      each(
        chosen,
        share(
          kwargs["fraction"],
          chosen.map((name) => at(sizes, name)),
        ),
      );
    requireRoom(wanted, sizes);
    return mapSizes(wanted, (size, name): Move => {
      return { scale: 1, shift: -Math.floor((at(sizes, name) - size) / 2), size };
    });
  };
  return {
    axes,
    moves,
    run: (value) =>
      regrid(value, given, moves, "nearest", ({ size, shift }) => ({
        size,
        step: 1,
        start: -shift,
      })),
  };
};

/** A share of the least size, rounded down, but at least 1. */
function share(fraction: number, sizes: readonly number[]): number {
  // 0.57 * 100 is a little less than 57.
  return Math.max(1, Math.floor(fraction * Math.min(...sizes) + 1e-6));
}

function requireRoom(shape: Sizes, sizes: Readonly<Record<string, number | undefined>>): void {
  for (const [name, size] of Object.entries(shape)) {
    const had = sizes[name];
    if (had !== undefined && had < size)
      throw new Misfit(`has ${had} elements along ${name}; center_crop takes at least ${size}`);
  }
}

/** Add at the ends of axes until they have a size. */
export const pad: Operation = (given, kwargs) => {
  requireOne(kwargs, "shape", "multiple_of");
  const {
    shape,
    multiple_of: multiple,
    mode = "constant",
    value: fill = 0,
    align = "start",
  } = kwargs;
  const chosen = shape ? Object.keys(shape) : extents(given);
  const moves = (sizes: Sizes) =>
    mapSizes(each(chosen, 0), (_, name): Move => {
      const had = at(sizes, name);
      const size = multiple ? Math.ceil(had / multiple) * multiple : Math.max(had, shape[name]);
      return { scale: 1, shift: align === "center" ? Math.floor((size - had) / 2) : 0, size };
    });
  return {
    axes: resized(given, each(chosen, undefined)),
    moves,
    run(value) {
      let array = value as NumberArray;
      for (const [name, move] of Object.entries(moves(sizesOf(array, given))))
        array = padded(array, place(given, name), move, mode === "edge" ? undefined : fill);
      return array;
    },
  };
};

/** The array with more elements along an axis: a number, or the outermost elements again. */
function padded(array: NumberArray, axis: number, move: Move, fill?: number): NumberArray {
  const { outer, size: had, inner } = layout(array.shape, axis);
  const data = zeros(array.data, outer * move.size * inner);
  if (data instanceof BigInt64Array) data.fill(BigInt(fill ?? 0));
  else data.fill(fill ?? 0);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < move.size; i++) {
      const wanted = i - move.shift;
      const from = Math.min(Math.max(wanted, 0), had - 1);
      if (fill === undefined || from === wanted)
        copy(array.data, (o * had + from) * inner, data, (o * move.size + i) * inner, inner);
    }
  return { data, shape: withSize(array.shape, axis, move.size) };
}

/** One channel out of RGB. */
export const grayscale: Operation = (given) => {
  const index = requireSize(given, "channel", 3);
  return pure(resized(given, { channel: 1 }), (array) => {
    const { outer, size, inner } = layout(array.shape, index);
    if (size !== 3) throw new Misfit(`has ${size} channels; grayscale takes 3`);
    const values = floats(array);
    const data = new Float32Array(outer * inner);
    for (const element of data.keys()) {
      const red = Math.floor(element / inner) * 3 * inner + (element % inner);
      const [r, g, b] = [red, red + inner, red + 2 * inner].map((place) => values[place] ?? 0);
      data[element] = 0.299 * (r ?? 0) + 0.587 * (g ?? 0) + 0.114 * (b ?? 0);
    }
    return { data, shape: withSize(array.shape, index, 1) };
  });
};

/** Take elements along an axis. */
export const select: Operation = (given, kwargs) => {
  const { axis = "channel" } = kwargs;
  const indices = required<number[]>(kwargs, "indices");
  const index = place(given, axis);
  requireElements(indices, axis, given[index]?.size);
  return pure(resized(given, { [axis]: indices.length }), (array) => {
    const { outer, size, inner } = layout(array.shape, index);
    requireElements(indices, axis, size);
    const data = zeros(array.data, outer * indices.length * inner);
    for (let o = 0; o < outer; o++)
      for (const [i, from] of indices.entries())
        copy(array.data, (o * size + from) * inner, data, (o * indices.length + i) * inner, inner);
    return { data, shape: withSize(array.shape, index, indices.length) };
  });
};

function requireElements(indices: number[], axis: string, size: number | undefined): void {
  const [least, most] = [Math.min(...indices), Math.max(...indices)];
  if (least < 0) throw new Misfit(`names the place ${least}; places are counted from 0`);
  if (size !== undefined && most >= size)
    throw new Misfit(`has ${size} elements along ${axis}; select names the place ${most}`);
}

/** Bring the axes into an order, adding and leaving out axes of size 1. */
export const transpose: Operation = (given, kwargs) => {
  const axes = required<string[]>(kwargs, "axes");
  requireUnique(axes);
  const had = given.map(({ name }) => name);
  const gone = given.filter(({ name }) => !axes.includes(name));
  for (const { name, size } of gone) requireSingle(name, size);
  const added = axes.filter((name) => !had.includes(name));
  return pure(
    resized(
      axes.map((name) => axisOf(name, given)),
      each(added, 1),
    ),
    (array) => {
      const sizes = sizesOf(array, given);
      for (const { name } of gone) requireSingle(name, sizes[name]);
      const strides = Object.fromEntries(
        had.map((name, index) => [name, layout(array.shape, index).inner]),
      );
      const shape = axes.map((name) => sizes[name] ?? 1);
      return {
        data: gather(
          array.data,
          shape,
          axes.map((name) => strides[name] ?? 0),
        ),
        shape,
      };
    },
  );
};

/** Elements in the order of a shape, whose axes have these strides in the data. */
function gather(data: Data, shape: readonly number[], strides: readonly number[]): Data {
  const found = zeros(data, count(shape));
  const place = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < found.length; to++) {
    found[to] = data[from] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] ?? 0;
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (shape[axis] ?? 1)) break;
      from -= (strides[axis] ?? 0) * (shape[axis] ?? 1);
      place[axis] = 0;
    }
  }
  return found;
}

function requireSingle(axis: string, size: number | undefined): void {
  if (size !== undefined && size !== 1)
    throw new Misfit(`has ${size} elements along ${axis}, an axis that transpose leaves out`);
}

/** Say what the axes of the network's array are. */
export const nameAxes: Operation = (given, kwargs) => {
  const axes = required<string[]>(kwargs, "axes");
  requireUnique(axes);
  // The output's own axes tell types; their sizes are those that postprocessing ends with.
  const after = axes.map((name) => ({ ...axisOf(name, given), size: undefined }));
  return pure(after, (array) => {
    if (array.shape.length !== axes.length)
      throw new Misfit(`is ${by(array.shape)}; name_axes says ${names(after)}`);
    return array;
  });
};

/** Bring axes back to the grid that the input had. */
export const restoreToInput: Operation = (given, kwargs, setting) => {
  const id = inputOf(setting, kwargs);
  const own = extents(setting.inputs[id] ?? []);
  const shared = given.map(({ name }) => name).filter((name) => own.includes(name));
  if (shared.length === 0)
    throw new Misfit(`needs an axis of input '${id}' (${own.join(", ")}); got ${names(given)}`);
  return {
    axes: resized(given, each(shared, undefined)),
    run(value, placements) {
      let array = value as NumberArray;
      const isFloat = array.data instanceof Float32Array || array.data instanceof Float64Array;
      const how: Interpolation = kwargs["interpolation"] ?? (isFloat ? "linear" : "nearest");
      for (const name of shared) {
        const span = placements[id]?.[name];
        if (!span) throw new Misfit(`needs to know where the axis ${name} of input '${id}' went`);
        const index = place(given, name);
        // The array may be coarser or finer than the network's input.
        const ratio = (array.shape[index] ?? 1) / span.move.size;
        const [step, start] = [span.move.scale * ratio, span.move.shift * ratio];
        array = resample(array, index, { size: span.before, step, start }, how);
      }
      return how === "nearest" ? array : convert(array, "float32");
    },
  };
};

/** The array on the grids that the moves make of its axes. */
function regrid(
  value: Value,
  given: Parameters<Operation>[0],
  moves: (sizes: Sizes) => Record<string, Move>,
  interpolation: Interpolation,
  gridOf: (move: Move, had: number) => Grid,
): NumberArray {
  let array = value as NumberArray;
  for (const [name, move] of Object.entries(moves(sizesOf(array, given)))) {
    const index = place(given, name);
    const had = array.shape[index] ?? 1;
    if (move.size !== had) array = resample(array, index, gridOf(move, had), interpolation);
  }
  return interpolation === "nearest" ? array : convert(array, "float32");
}

function copy(from: Data, start: number, to: Data, at: number, length: number): void {
  to.set(from.subarray(start, start + length) as never, at);
}

function mapSizes<T, U>(
  sizes: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(
    Object.entries(sizes).map(([name, value]) => [name, change(value, name)]),
  );
}

/** Size of an axis. Throws for a name that no axis has. */
function at(sizes: Sizes, name: string): number {
  const size = sizes[name];
  if (size === undefined) throw new Misfit(`names the axis ${name}; there is none`);
  return size;
}
