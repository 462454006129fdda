/** Voxels along x, y and z. */
export const size = [40, 48, 32] as const;

/** A head: a bright shell around grey, as NIfTI, gzipped; x runs to the patient's right. */
export async function head(): Promise<File> {
  const [nx, ny, nz] = size;
  const file = new DataView(new ArrayBuffer(352 + nx * ny * nz * 2));
  file.setInt32(0, 348, true);
  for (const [at, value] of [3, nx, ny, nz].entries()) file.setInt16(40 + at * 2, value, true);
  file.setInt16(70, 4, true);
  for (const [at, value] of [1, 4, 4, 5].entries()) file.setFloat32(76 + at * 4, value, true);
  file.setFloat32(108, 352, true);
  file.setFloat32(112, 1, true);
  file.setInt16(254, 1, true);
  for (const [row, step] of [4, 4, 5].entries()) file.setFloat32(280 + row * 20, step, true);
  file.setUint32(344, 0x6e2b3100);
  eachVoxel((x, y, z, at) => {
    const radius = Math.hypot(x, y * 0.9, z * 1.05);
    const inside = 400 + 150 * Math.sin(x * 9) * Math.cos(y * 7 + z * 5);
    const value = radius > 0.95 ? 0 : radius > 0.85 ? 1000 : inside;
    file.setInt16(352 + at * 2, value, true);
  });
  const stream = new Blob([file.buffer]).stream().pipeThrough(new CompressionStream("gzip"));
  return new File([await new Response(stream).blob()], "head.nii.gz");
}

/** Places from -1 to 1, x fastest. */
function eachVoxel(visit: (x: number, y: number, z: number, at: number) => void): void {
  const [nx, ny, nz] = size;
  for (let at = 0; at < nx * ny * nz; at += 1) {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    visit((x / nx) * 2 - 1, (y / ny) * 2 - 1, (z / nz) * 2 - 1, at);
  }
}

/** What a model finds in the head, as it lies in an array with the axes z, y, x. */
export function found(value: (x: number, y: number, z: number) => number): number[] {
  const numbers: number[] = [];
  eachVoxel((x, y, z, at) => {
    numbers[at] = value(x, y, z);
  });
  return numbers;
}
