import type { NumberArray } from "./array.ts";
import { grayscale, nameAxes, select, transpose } from "./elements.ts";
import { centerCrop, pad, resize, restoreToInput } from "./grids.ts";
import { keypoints, labels, nonMaxSuppression, topK } from "./lists.ts";
import { moved, type Placement, unmoved } from "./placement.ts";
import {
  type Axis,
  type Kwargs,
  Misfit,
  type Operation,
  type Setting,
  type Step,
  sizesOf,
  type Value,
} from "./step.ts";
import {
  argmax,
  binarize,
  clip,
  ensureDtype,
  fixedZeroMeanUnitVariance,
  scaleLinear,
  scaleRange,
  sigmoid,
  softmax,
  zeroMeanUnitVariance,
} from "./values.ts";

/** Each operation by its name in a config. */
export const operations: Readonly<Record<string, Operation>> = {
  ensure_dtype: ensureDtype,
  resize,
  center_crop: centerCrop,
  pad,
  grayscale,
  select,
  transpose,
  scale_linear: scaleLinear,
  fixed_zero_mean_unit_variance: fixedZeroMeanUnitVariance,
  zero_mean_unit_variance: zeroMeanUnitVariance,
  scale_range: scaleRange,
  clip,
  sigmoid,
  softmax,
  argmax,
  binarize,
  name_axes: nameAxes,
  restore_to_input: restoreToInput,
  top_k: topK,
  labels,
  non_max_suppression: nonMaxSuppression,
  keypoints,
};

/** An operation as a config has it. */
export interface Named {
  id: string;
  kwargs?: Kwargs | undefined;
}

export interface Chain {
  /** Axes that an array ends with; undefined: a list. */
  axes: readonly Axis[] | undefined;
  /** The array or list after all operations, and where the array's elements have gone. */
  run(
    array: NumberArray,
    placements?: Readonly<Record<string, Placement>>,
  ): { value: Value; placement: Placement };
}

const noSetting: Setting = {
  inputs: {},
  read: (path) => {
    throw new Misfit(`can't read ${path} here`);
  },
};

/** Operations one after the other, bound to axes and arguments. Throws a Misfit where one doesn't fit. */
export function chain(
  named: readonly Named[],
  axes: readonly Axis[],
  setting: Setting = noSetting,
): Chain {
  const steps: Step[] = [];
  let after: readonly Axis[] | undefined = axes;
  for (const one of named) {
    const step = bind(one, after, setting);
    steps.push(step);
    after = step.axes;
  }
  return {
    axes: after,
    run(array, placements = {}) {
      let value: Value = array;
      let before: readonly Axis[] | undefined = axes;
      let placement = unmoved(sizesOf(array, axes));
      for (const step of steps) {
        if (step.moves && before && !Array.isArray(value))
          placement = moved(placement, step.moves(sizesOf(value, before)));
        value = step.run(value, placements);
        before = step.axes;
      }
      return { value, placement };
    },
  };
}

/** The operation's step for arrays with these axes, or for a list. Throws a Misfit. */
export function bind(
  { id, kwargs = {} }: Named,
  axes: readonly Axis[] | undefined,
  setting: Setting,
): Step {
  const operation = operations[id];
  if (!operation) throw new Misfit(`there is no operation ${id}`);
  if ((id === "labels") !== (axes === undefined))
    throw new Misfit(
      axes
        ? `operation ${id} comes after top_k or non_max_suppression`
        : `operation ${id} can't follow one that ends`,
    );
  try {
    return operation(axes ?? [], kwargs, setting);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new Misfit(`operation ${id} ${error.message}`);
  }
}
