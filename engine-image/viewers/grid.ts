import { orient, type Volume } from "./volume.ts";

export type Triple = [number, number, number];

/** A scan as it lies in its file: x fastest, neither turned nor resampled. */
export interface Grid {
  data: Float32Array;
  /** Along x, y and z. */
  sizes: Triple;
  /** How many the file holds, where those may be several; `data` is the first. */
  volumes?: number;
  /** Distance of neighbours in mm. */
  spacing: Triple;
  /** Centre of the first voxel in mm towards left, back and head; absent where it isn't known. */
  origin?: Triple;
  /** Cosines row by row, whose columns are x, y and z; absent where they aren't known. */
  direction?: number[];
}

/** A grid in the order of the patient's axes, as it is looked at. */
export function volumeOfGrid({ data, sizes, spacing, direction }: Grid): Volume {
  const [nx, ny, nz] = sizes;
  const x = { name: "x", size: nx, stride: 1 };
  const y = { name: "y", size: ny, stride: nx };
  const z = { name: "z", size: nz, stride: nx * ny };
  return orient(data, [x, y, z], { spacing, direction });
}
