import { orient, type Volume } from "./volume.ts";

type Type = { bytes: number; read: (view: DataView, at: number, little: boolean) => number };

// By the header's `datatype`; the rest (complex, RGB) is drawn by no viewer here.
const types: Record<number, Type> = {
  2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  4: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  8: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  16: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  256: { bytes: 1, read: (view, at) => view.getInt8(at) },
  512: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  768: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
};

const headerBytes = 348;

/** The first volume in a NIfTI-1 file, not compressed; nothing if the file is another. */
export function readNifti(file: Uint8Array): Volume | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < headerBytes + 4) return undefined;
  const little = view.getInt32(0, true) === headerBytes;
  // "n+1": header and data in one file.
  if (view.getInt32(0, little) !== headerBytes || view.getUint32(344) !== 0x6e2b3100)
    return undefined;
  const type = types[view.getInt16(70, little)];
  const size = [42, 44, 46].map((at) => Math.max(1, view.getInt16(at, little))) as Triple;
  const spacing = [80, 84, 88].map((at) => Math.abs(view.getFloat32(at, little)) || 1) as Triple;
  const start = view.getFloat32(108, little);
  const length = size[0] * size[1] * size[2];
  if (type === undefined || start + length * type.bytes > view.byteLength) return undefined;

  const slope = view.getFloat32(112, little) || 1;
  const intercept = view.getFloat32(116, little) || 0;
  const data = new Float32Array(length);
  for (let at = 0; at < length; at += 1)
    data[at] = type.read(view, start + at * type.bytes, little) * slope + intercept;
  const [nx, ny, nz] = size;
  const x = { name: "x", size: nx, stride: 1 };
  const y = { name: "y", size: ny, stride: nx };
  const z = { name: "z", size: nz, stride: nx * ny };
  return orient(data, [x, y, z], { spacing, direction: directionOf(view, little, spacing) });
}

type Triple = [number, number, number];

/** Cosines in left-back-head, row by row; NIfTI itself counts towards right and front. */
function directionOf(view: DataView, little: boolean, spacing: Triple): number[] | undefined {
  const float = (at: number) => view.getFloat32(at, little);
  const turn = [-1, -1, 1];
  if (view.getInt16(254, little) > 0)
    return [0, 1, 2].flatMap((row) =>
      spacing.map((step, axis) => ((turn[row] ?? 1) * float(280 + row * 16 + axis * 4)) / step),
    );
  if (view.getInt16(252, little) <= 0) return undefined;
  const [b, c, d] = [float(256), float(260), float(264)];
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const flip = float(76) < 0 ? -1 : 1;
  const rows = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ];
  return rows.flatMap((row, at) =>
    row.map((cosine, axis) => (turn[at] ?? 1) * cosine * (axis === 2 ? flip : 1)),
  );
}
