import type { NumberArray } from "#operations/array.ts";
import type { Input } from "#schema/config.ts";
import type { Grid } from "#viewers/grid.ts";

const places: Record<string, 0 | 1 | 2> = { x: 0, width: 0, y: 1, height: 1, z: 2, depth: 2 };

/** A scan as an array with these axes; voxels stay as they lie in the file. */
export function volumeArray({ data, sizes }: Grid, axes: Input["axes"]): NumberArray {
  const strides = [1, sizes[0], sizes[0] * sizes[1]];
  const spans = axes.map(({ name }) => {
    const place = places[name];
    return place === undefined
      ? { size: 1, stride: 0 }
      : { size: sizes[place], stride: strides[place] ?? 0 };
  });
  const ordered = new Float32Array(data.length);
  const at = spans.map(() => 0);
  let from = 0;
  for (let to = 0; to < ordered.length; to += 1) {
    ordered[to] = data[from] as number;
    for (let axis = spans.length - 1; axis >= 0; axis -= 1) {
      const { size, stride } = spans[axis] as (typeof spans)[number];
      from += stride;
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < size) break;
      from -= stride * size;
      at[axis] = 0;
    }
  }
  return { data: ordered, shape: spans.map(({ size }) => size) };
}
