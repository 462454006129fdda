import { by, convert, count, floats, isDataType, layout, type NumberArray } from "./array.ts";
import {
  type Axis,
  type Kwargs,
  Misfit,
  type Operation,
  place,
  places,
  pure,
  required,
  requireSize,
} from "./step.ts";

/** Operations that change values: conversion, normalization, activation. */

/** Convert the elements. */
export const ensureDtype: Operation = (given, kwargs) => {
  const dtype = required<string>(kwargs, "dtype");
  if (!isDataType(dtype)) throw new Misfit(`doesn't know the dtype ${dtype} here`);
  return pure(given, (array) => {
    try {
      return convert(array, dtype);
    } catch (error) {
      throw new Misfit((error as Error).message);
    }
  });
};

/** gain * x + offset. */
export const scaleLinear: Operation = (given, kwargs) => {
  const gain = along(given, kwargs, "gain", 1);
  const offset = along(given, kwargs, "offset", 0);
  return mapped(given, (array) => {
    const [gains, offsets] = [gain(array), offset(array)];
    return (x, index) => x * gains(index) + offsets(index);
  });
};

/** (x - mean) / std. */
export const fixedZeroMeanUnitVariance: Operation = (given, kwargs) => {
  if ([required<number | number[]>(kwargs, "std")].flat().includes(0))
    throw new Misfit("has a std of 0");
  const mean = along(given, kwargs, "mean");
  const std = along(given, kwargs, "std");
  return mapped(given, (array) => {
    const [means, stds] = [mean(array), std(array)];
    return (x, index) => (x - means(index)) / stds(index);
  });
};

/** (x - mean(x)) / (std(x) + eps). */
export const zeroMeanUnitVariance: Operation = (given, { axes, eps = 1e-6 }) =>
  inGroups(given, axes, (values) => {
    const mean = average(values);
    const std = Math.sqrt(average(values, (x) => (x - mean) ** 2));
    return (x) => (x - mean) / (std + eps);
  });

/** (x - low) / (high - low + eps). */
export const scaleRange: Operation = (given, kwargs) => {
  const { axes, min_percentile: least = 0, max_percentile: most = 100, eps = 1e-6 } = kwargs;
  if (least >= most) throw new Misfit(`has min_percentile ${least}, not below ${most}`);
  return inGroups(given, axes, (values) => {
    const sorted = values.toSorted();
    const [low, high] = [percentile(sorted, least), percentile(sorted, most)];
    return (x) => (x - low) / (high - low + eps);
  });
};

/** Bring values into a range. */
export const clip: Operation = (given, { min, max }) => {
  if (min === undefined && max === undefined) throw new Misfit("needs min or max");
  if (min > max) throw new Misfit(`has min ${min}, above max ${max}`);
  return mapped(given, () => (x) => Math.min(Math.max(x, min ?? x), max ?? Infinity));
};

/** 1 / (1 + exp(-x)). */
export const sigmoid: Operation = (given) => mapped(given, () => (x) => 1 / (1 + Math.exp(-x)));

/** exp(x) / sum(exp(x)) along an axis. */
export const softmax: Operation = (given, { axis = "channel" }) => {
  const index = place(given, axis);
  return grouped(given, [index], (values) => {
    const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = values.reduce((total, x) => total + Math.exp(x - most), 0);
    return (x) => Math.exp(x - most) / sum;
  });
};

/** Place of the largest value along an axis. */
export const argmax: Operation = (given, { axis = "channel" }) => {
  const index = place(given, axis);
  const after = given.filter((_, other) => other !== index);
  return pure(after, (array) => {
    const { outer, size, inner } = layout(array.shape, index);
    const values = floats(array);
    const data = new Int32Array(outer * inner);
    for (const element of data.keys()) {
      const start = Math.floor(element / inner) * size * inner + (element % inner);
      const value = (place: number) => values[start + place * inner] ?? Number.NaN;
      let best = 0;
      for (let place = 1; place < size; place++) if (value(place) > value(best)) best = place;
      data[element] = best;
    }
    return { data, shape: array.shape.filter((_, other) => other !== index) };
  });
};

/** 1 where x > threshold, else 0. */
export const binarize: Operation = (given, kwargs) => {
  required(kwargs, "threshold");
  const threshold = along(given, kwargs, "threshold");
  return pure(given, (array) => {
    const limits = threshold(array);
    const data = Uint8Array.from(floats(array), (x, index) => +(x > Math.fround(limits(index))));
    return { data, shape: array.shape };
  });
};

/** A function of each element, its place in the array being known, that gives float32. */
function mapped(
  given: readonly Axis[],
  of: (array: NumberArray) => (x: number, index: number) => number,
) {
  return pure(given, (array) => ({ data: floats(array).map(of(array)), shape: array.shape }));
}

/** The numbers of an argument for each element: one for all, or a list along an axis. */
function along(
  given: readonly Axis[],
  kwargs: Kwargs,
  name: string,
  fallback?: number,
): (array: NumberArray) => (index: number) => number {
  const values =
    fallback === undefined ? required<number | number[]>(kwargs, name) : (kwargs[name] ?? fallback);
  if (typeof values === "number") return () => () => values;
  const axis: string | undefined = kwargs["axis"];
  if (axis === undefined)
    throw new Misfit("has a list of numbers; `axis` must name the axis that it runs along");
  const index = requireSize(given, axis, values.length);
  return ({ shape }) => {
    if (shape[index] !== values.length)
      throw new Misfit(`is ${by(shape)}; ${values.length} numbers run along ${axis}`);
    const { size, inner } = layout(shape, index);
    return (element) => values[Math.floor(element / inner) % size];
  };
}

type Normalizer = (values: Float64Array) => (x: number) => number;

/** Elements that differ in the named axes only are normalized together; default: all but batch. */
function inGroups(given: readonly Axis[], axes: string[] | undefined, normalizer: Normalizer) {
  return grouped(given, places(given, axes), normalizer);
}

function grouped(given: readonly Axis[], over: readonly number[], normalizer: Normalizer) {
  return pure(given, (array) => {
    const groups = groupOf(array.shape, over);
    const length = count(over.map((axis) => array.shape[axis] ?? 1));
    const members = Array.from(
      { length: array.data.length / length },
      () => new Float64Array(length),
    );
    const filled = new Uint32Array(members.length);
    array.data.forEach((value: number | bigint, index: number) => {
      const group = groups(index);
      const next = filled[group] ?? 0;
      filled[group] = next + 1;
      (members[group] as Float64Array)[next] = Number(value);
    });
    const normalize = members.map(normalizer);
    const data = Float32Array.from(array.data as Float32Array, (value, index) =>
      (normalize[groups(index)] as (x: number) => number)(Number(value)),
    );
    return { data, shape: array.shape };
  });
}

/** A function that says which group an element is of, by its place along the other axes. */
function groupOf(shape: readonly number[], over: readonly number[]): (index: number) => number {
  const others = shape.flatMap((_, axis) => (over.includes(axis) ? [] : [layout(shape, axis)]));
  return (index) =>
    others.reduce((group, { size, inner }) => group * size + (Math.floor(index / inner) % size), 0);
}

function average(values: Float64Array, of: (x: number) => number = (x) => x): number {
  return values.reduce((sum, x) => sum + of(x), 0) / values.length;
}

/** A percentile of sorted values, interpolated linearly. */
function percentile(sorted: Float64Array, percent: number): number {
  const at = ((sorted.length - 1) * percent) / 100;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}
