import type { Volume } from "./volume.ts";

/** A volume as NIfTI, for a viewer that takes files; it fills the room of `like`. */
export function writeNifti(
  { data, axes }: Volume,
  { like, form }: { like: Volume; form: keyof typeof types },
): Blob {
  const sizes = axes.map(({ size }) => size);
  const type = types[form];
  const view = new DataView(new ArrayBuffer(352));
  view.setInt32(0, 348, true);
  for (const [at, size] of [3, ...sizes, 1, 1, 1, 1].entries())
    view.setInt16(40 + at * 2, size, true);
  view.setInt16(70, type.code, true);
  view.setInt16(72, type.bits, true);
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  // Known, so that its steps say where left, front and head are.
  view.setInt16(254, 1, true);
  view.setUint8(123, 2);
  for (const [at, axis] of axes.entries()) {
    const room = like.axes[at] ?? axis;
    const spacing = (room.size * room.spacing) / axis.size;
    // NIfTI counts towards right, front and head; a volume's axes towards left, back and head.
    const step = axis.isReversed === at < 2 ? spacing : -spacing;
    view.setFloat32(80 + at * 4, spacing, true);
    view.setFloat32(280 + at * 20, step, true);
    view.setFloat32(292 + at * 16, (-step * (axis.size - 1)) / 2, true);
  }
  view.setUint32(344, 0x6e2b3100);
  const voxels = new type.of(sizes.reduce((product, size) => product * size, 1));
  let to = 0;
  const [x, y, z] = axes;
  for (let k = 0; k < z.size; k += 1)
    for (let j = 0; j < y.size; j += 1)
      for (let i = 0; i < x.size; i += 1) {
        voxels[to] = data[k * z.stride + j * y.stride + i * x.stride] ?? 0;
        to += 1;
      }
  return new Blob([view, voxels]);
}

const types = {
  bytes: { code: 2, bits: 8, of: Uint8Array },
  floats: { code: 16, bits: 32, of: Float32Array },
} as const;
