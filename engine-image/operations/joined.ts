import { count, floats, type NumberArray } from "./array.ts";
import { Misfit } from "./step.ts";

/**
 * Arrays that a network gives, joined along their last axis, as float32: boxes, their scores and
 * their classes. One that has an axis less than the others gives one number there.
 */
export function joined(arrays: readonly NumberArray[]): NumberArray {
  const most = Math.max(...arrays.map(({ shape }) => shape.length));
  const parts = arrays.map((array) => ({
    data: floats(array),
    shape: array.shape.length === most - 1 ? [...array.shape, 1] : array.shape,
  }));
  const rows = parts[0]?.shape.slice(0, -1) ?? [];
  if (parts.some(({ shape }) => `${shape.slice(0, -1)}` !== `${rows}` || shape.length !== most)) {
    const shapes = arrays.map(({ shape }) => shape.join(" × ")).join(", ");
    throw new Misfit(`has tensors of ${shapes}, which aren't alike but for their last axis`);
  }
  const widths = parts.map(({ shape }) => shape.at(-1) ?? 1);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const data = new Float32Array(count(rows) * width);
  let start = 0;
  for (const [index, { data: part }] of parts.entries()) {
    const own = widths[index] ?? 1;
    for (let at = 0; at < part.length; at += 1)
      data[Math.floor(at / own) * width + start + (at % own)] = part[at] ?? 0;
    start += own;
  }
  return { data, shape: [...rows, width] };
}
