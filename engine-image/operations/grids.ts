import { convert, copy, layout, type NumberArray, withSize, zeros } from "./array.ts";
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
  required,
  requireOne,
  resized,
  sizesOf,
  type Value,
} from "./step.ts";

/** Operations that bring an array to another grid: to a size, to its middle, to the input's own. */

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
