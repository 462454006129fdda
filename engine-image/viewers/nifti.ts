import type { Grid, Triple } from "./grid.ts";

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
export function readNifti(file: Uint8Array): Grid | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < headerBytes + 4) return undefined;
  const little = view.getInt32(0, true) === headerBytes;
  // "n+1": header and data in one file.
  if (view.getInt32(0, little) !== headerBytes || view.getUint32(344) !== 0x6e2b3100)
    return undefined;
  const type = types[view.getInt16(70, little)];
  const sizes = [42, 44, 46].map((at) => Math.max(1, view.getInt16(at, little))) as Triple;
  const start = view.getFloat32(108, little);
  const length = sizes[0] * sizes[1] * sizes[2];
  if (type === undefined || start + length * type.bytes > view.byteLength) return undefined;

  const [slope, intercept] = scaleOf(view, little);
  const data = new Float32Array(length);
  for (let at = 0; at < length; at += 1)
    data[at] = type.read(view, start + at * type.bytes, little) * slope + intercept;
  const count = view.getInt16(40, little);
  const volumes = [48, 50, 52, 54].slice(0, Math.max(0, count - 3));
  return {
    data,
    sizes,
    volumes: volumes.reduce((product, at) => product * view.getInt16(at, little), 1),
    ...placeOf(view, little),
  };
}

/** Slope and intercept; where there is no slope, nothing is added either. */
function scaleOf(view: DataView, little: boolean): [slope: number, intercept: number] {
  const slope = view.getFloat32(112, little);
  if (slope === 0 || !Number.isFinite(slope)) return [1, 0];
  return [slope, view.getFloat32(116, little)];
}

/** Steps between neighbours, in mm towards left, back and head; NIfTI itself counts towards right and front. */
function placeOf(view: DataView, little: boolean): Omit<Grid, "data" | "sizes"> {
  const float = (at: number) => view.getFloat32(at, little);
  const turn = [-1, -1, 1] as const;
  const spacing = [80, 84, 88].map((at) => Math.abs(float(at)) || 1) as Triple;
  if (view.getInt16(254, little) > 0) {
    const at = (row: number, column: number) =>
      (turn[row] ?? 1) * float(280 + row * 16 + column * 4);
    const steps = [0, 1, 2].map((column) =>
      Math.hypot(at(0, column), at(1, column), at(2, column)),
    );
    if (steps.some((step) => !(step > 0))) return { spacing };
    const rows = [0, 1, 2];
    return {
      spacing: steps as Triple,
      origin: rows.map((row) => at(row, 3)) as Triple,
      direction: rows.flatMap((row) => steps.map((step, column) => at(row, column) / step)),
    };
  }
  if (view.getInt16(252, little) <= 0) return { spacing };
  const origin = [268, 272, 276].map((at, row) => (turn[row] ?? 1) * float(at)) as Triple;
  const [b, c, d] = [float(256), float(260), float(264)];
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const flip = float(76) < 0 ? -1 : 1;
  const rows = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ];
  const direction = rows.flatMap((row, at) =>
    row.map((cosine, axis) => (turn[at] ?? 1) * cosine * (axis === 2 ? flip : 1)),
  );
  return { spacing, origin, direction };
}
