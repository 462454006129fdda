import { floats, layout, type NumberArray, withSize, zeros } from "./array.ts";

/** A centre that rounding puts this little before an element is that element's. */
const slack = 1e-9;

export type Interpolation = "nearest" | "linear";

/** A new grid along an axis: the centre of new element i is at (i + 0.5) * step + start of the old. */
export interface Grid {
  size: number;
  step: number;
  start: number;
}

/**
 * The array on another grid along an axis. Old element j reaches from j to j + 1; elements whose
 * centre lies outside the old ones are 0. `nearest` takes the old element there; `linear` weighs by
 * a triangle as wide as an old or a new element, whichever is wider, and gives float32.
 */
export function resample(
  array: NumberArray,
  axis: number,
  { size, step, start }: Grid,
  interpolation: Interpolation,
): NumberArray {
  const { outer, size: had, inner } = layout(array.shape, axis);
  const isNearest = interpolation === "nearest";
  const source = isNearest ? array.data : floats(array);
  const data = zeros(source, outer * size * inner);
  for (let i = 0; i < size; i++) {
    const centre = (i + 0.5) * step + start;
    if (centre < -slack || centre > had + slack) continue;
    const { first, weights } = isNearest ? nearest(centre, had) : linear(centre, had, step);
    for (let o = 0; o < outer; o++) {
      const from = (o * had + first) * inner;
      const to = (o * size + i) * inner;
      if (isNearest) data.set(source.subarray(from, from + inner) as never, to);
      else addWeighted(source as Float32Array, from, inner, weights, data as Float32Array, to);
    }
  }
  return { data, shape: withSize(array.shape, axis, size) };
}

interface Taps {
  first: number;
  weights: readonly number[];
}

/** Add runs of `inner` elements, one for each weight, to the run at `to`. */
function addWeighted(
  source: Float32Array,
  from: number,
  inner: number,
  weights: readonly number[],
  sums: Float32Array,
  to: number,
): void {
  // Millions of turns: no iterators here.
  for (let tap = 0; tap < weights.length; tap++) {
    const weight = weights[tap] as number;
    const start = from + tap * inner;
    for (let rest = 0; rest < inner; rest++)
      (sums[to + rest] as number) += weight * (source[start + rest] as number);
  }
}

function nearest(centre: number, had: number): Taps {
  return { first: Math.min(Math.max(Math.floor(centre + slack), 0), had - 1), weights: [1] };
}

function linear(centre: number, had: number, step: number): Taps {
  const reach = Math.max(step, 1);
  const first = Math.min(Math.max(Math.trunc(centre - reach), 0), had - 1);
  const end = Math.min(Math.max(Math.trunc(centre + reach) + 1, first + 1), had);
  const weights = Array.from({ length: end - first }, (_, tap) =>
    Math.max(1 - Math.abs(first + tap + 0.5 - centre) / reach, 0),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}
