import { expect, test } from "vitest";
import { volumeOfGrid } from "./grid.ts";
import { readNifti } from "./nifti.ts";
import { cuts, greyRange, sliceOf, volumeOf } from "./volume.ts";

const [axial, coronal] = cuts;
const rows = (plane: ReturnType<typeof sliceOf>) =>
  Array.from({ length: plane.height }, (_, row) =>
    Array.from({ length: plane.width }, (_, column) => plane.at(column, row)),
  );

// z, y, x: each number tells its place.
const array = { shape: [2, 2, 3], data: [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112] };
const axes = ["z", "y", "x"];

test("cuts a volume in three ways, the head on top", () => {
  const volume = volumeOf(array, axes, {});
  if (!volume) throw new Error("no volume");
  expect(rows(sliceOf(volume, axial, 1))).toEqual([
    [100, 101, 102],
    [110, 111, 112],
  ]);
  expect(rows(sliceOf(volume, coronal, 0))).toEqual([
    [100, 101, 102],
    [0, 1, 2],
  ]);
});

test("axes that run to the right or to the feet are turned", () => {
  const direction = [-1, 0, 0, 0, 1, 0, 0, 0, -1];
  const volume = volumeOf(array, axes, { direction });
  if (!volume) throw new Error("no volume");
  expect(rows(sliceOf(volume, axial, 0))[0]).toEqual([102, 101, 100]);
});

test("axes that lie across are put in the patient's order with their spacing", () => {
  // x of the array runs to the head, z to the left.
  const direction = [0, 0, 1, 0, 1, 0, 1, 0, 0];
  const volume = volumeOf(array, axes, { direction, spacing: [3, 2, 1] });
  expect(volume?.axes.map(({ size, spacing }) => [size, spacing])).toEqual([
    [2, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(volume?.isOriented).toBe(true);
});

test("a mask of another size is stretched over the scan", () => {
  const scan = volumeOf(array, axes, {});
  const mask = volumeOf({ shape: [2, 2, 2], data: [1, 2, 3, 4, 5, 6, 7, 8] }, axes, {});
  if (!scan || !mask) throw new Error("no volume");
  expect(rows(sliceOf(mask, axial, 0, scan))[0]).toEqual([1, 2, 2]);
});

test("a flat array is no volume", () => {
  expect(volumeOf({ shape: [4, 5], data: [] }, undefined, {})).toBeUndefined();
  expect(volumeOf({ shape: [3, 4, 5], data: [] }, ["channel", "y", "x"], {})).toBeUndefined();
});

test("a scan is shown without the last hundredth at each end", () => {
  const data = Array.from({ length: 1000 }, (_, at) => (at === 999 ? 1e9 : at));
  const volume = volumeOf({ shape: [10, 10, 10], data }, undefined, {});
  if (!volume) throw new Error("no volume");
  expect(greyRange(volume).max).toBeLessThan(1000);
});

/** A NIfTI file of 2 × 2 × 2 unsigned bytes. */
function nifti(change: (header: DataView) => void): Uint8Array {
  const file = new DataView(new ArrayBuffer(352 + 8));
  file.setInt32(0, 348, true);
  for (const [at, value] of [3, 2, 2, 2].entries()) file.setInt16(40 + at * 2, value, true);
  file.setInt16(70, 2, true);
  for (const [at, value] of [1, 1, 1, 5].entries()) file.setFloat32(76 + at * 4, value, true);
  file.setFloat32(108, 352, true);
  file.setUint32(344, 0x6e2b3100);
  for (let at = 0; at < 8; at += 1) file.setUint8(352 + at, at);
  change(file);
  return new Uint8Array(file.buffer);
}

test("reads NIfTI with its slope and intercept, turned into left-back-head", () => {
  const grid = readNifti(
    nifti((header) => {
      header.setFloat32(112, 2, true);
      header.setFloat32(116, -1, true);
      header.setInt16(252, 1, true);
    }),
  );
  const volume = grid && volumeOfGrid(grid);
  expect(Array.from(volume?.data ?? [])).toEqual([-1, 1, 3, 5, 7, 9, 11, 13]);
  // NIfTI's own axes run to the right and to the front.
  expect(volume?.axes.map(({ isReversed, spacing }) => [isReversed, spacing])).toEqual([
    [true, 1],
    [true, 1],
    [false, 5],
  ]);
});

test("refuses a NIfTI file of another kind, or one that is cut off", () => {
  expect(readNifti(nifti((header) => header.setInt16(70, 128, true)))).toBeUndefined();
  expect(readNifti(nifti((header) => header.setInt16(42, 200, true)))).toBeUndefined();
  expect(readNifti(new Uint8Array(400))).toBeUndefined();
});
