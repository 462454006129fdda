import { type AxisView, extent, type NumberArray, spatialAxes } from "./array.ts";
import type { Plane } from "./plane.ts";

/** Numbers on a grid of three axes; each axis knows which of the patient's it runs along. */
export interface Volume {
  data: ArrayLike<number>;
  /** Towards left, back and head, or x, y and z where nothing is known of the patient. */
  axes: readonly [VolumeAxis, VolumeAxis, VolumeAxis];
  /** Whether the directions are known, so that "left" may be said. */
  isOriented: boolean;
}

export interface VolumeAxis extends AxisView {
  /** Distance of neighbours in mm. */
  spacing: number;
  /** Whether the axis runs the other way: towards right, front or feet. */
  isReversed: boolean;
}

/** Geometry as predictions carry it: in the order x, y, z, in mm, left-back-head. */
export interface Geometry {
  spacing?: readonly number[] | undefined;
  direction?: readonly number[] | undefined;
}

/** The volume in an array; nothing where it hasn't three axes of space. */
export function volumeOf(
  { data, shape }: NumberArray,
  names: readonly string[] | undefined,
  geometry: Geometry,
): Volume | undefined {
  const spatial = spatialAxes(shape, names);
  if (!spatial?.z) return undefined;
  return orient(data, [spatial.x, spatial.y, spatial.z], geometry);
}

/** Put the axes x, y and z in the order of the patient's: the one nearest to each. */
export function orient(
  data: ArrayLike<number>,
  axes: readonly [AxisView, AxisView, AxisView],
  { spacing, direction }: Geometry,
): Volume {
  const isOriented = direction?.length === 9;
  const cosines = isOriented ? direction : [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const free = new Set([0, 1, 2]);
  const along = (world: number): VolumeAxis => {
    const cosine = (axis: number) => cosines[world * 3 + axis] ?? 0;
    const nearest = [...free].reduce((best, axis) =>
      Math.abs(cosine(axis)) > Math.abs(cosine(best)) ? axis : best,
    ) as 0 | 1 | 2;
    free.delete(nearest);
    return { ...axes[nearest], spacing: spacing?.[nearest] ?? 1, isReversed: cosine(nearest) < 0 };
  };
  return { data, axes: [along(0), along(1), along(2)], isOriented };
}

/** The three ways to cut a volume. */
export const cuts = [
  { name: "Axial", across: 2, x: 0, y: 1, isUpward: false },
  { name: "Coronal", across: 1, x: 0, y: 2, isUpward: true },
  { name: "Sagittal", across: 0, x: 1, y: 2, isUpward: true },
] as const;

export type Cut = (typeof cuts)[number];

/**
 * One slice as a radiologist looks at it: the patient's right or front on the left side, front or
 * head on top. It has the grid of `like`, on which a mask of another size is stretched.
 */
export function sliceOf(volume: Volume, cut: Cut, place: number, like = volume): Plane {
  const [x, y, z] = [cut.x, cut.y, cut.across].map((axis) => [
    volume.axes[axis] as VolumeAxis,
    (like.axes[axis] as VolumeAxis).size,
  ]) as [[VolumeAxis, number], [VolumeAxis, number], [VolumeAxis, number]];
  const [, width] = x;
  const [, height] = y;
  const start = offset(z, place);
  return {
    width,
    height,
    at: (column, row) => {
      const up = cut.isUpward ? height - 1 - row : row;
      return volume.data[start + offset(x, column) + offset(y, up)] ?? Number.NaN;
    },
  };
}

/** Where the n-th of `of` places along an axis lies in the data. */
function offset([axis, of]: [VolumeAxis, number], place: number): number {
  const at = Math.floor(((place + 0.5) * axis.size) / of);
  return (axis.isReversed ? axis.size - 1 - at : at) * axis.stride;
}

/** Between which values a scan is shown: those that leave out a hundredth at each end. */
export function greyRange({ data }: Volume): { min: number; max: number } {
  const step = Math.max(1, Math.floor(data.length / 10_000));
  const some = Array.from({ length: Math.floor(data.length / step) }, (_, at) => data[at * step]);
  const finite = some.filter((value): value is number => Number.isFinite(value));
  finite.sort((a, b) => a - b);
  const min = finite[Math.floor(finite.length * 0.01)] ?? 0;
  const max = finite[Math.floor(finite.length * 0.99)] ?? 1;
  return min < max ? { min, max } : extent(data);
}
