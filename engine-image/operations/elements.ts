import { by, copy, count, type Data, floats, layout, withSize, zeros } from "./array.ts";
import {
  axisOf,
  each,
  Misfit,
  names,
  type Operation,
  place,
  pure,
  required,
  requireSize,
  requireUnique,
  resized,
  sizesOf,
} from "./step.ts";

/** Operations that choose and order elements; their values stay, but for grey out of colours. */

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
