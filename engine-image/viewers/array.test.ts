import { expect, test } from "vitest";
import { arrayOf, extent, spatialAxes } from "./array.ts";

test("numbers come out of their nest, and what is none is NaN", () => {
  const { shape, data } = arrayOf(
    [
      [1, null],
      [true, 4],
    ],
    [2, 2],
  );
  expect(shape).toEqual([2, 2]);
  expect(Array.from(data)).toEqual([1, Number.NaN, 1, 4]);
  expect(arrayOf(7, [1])).toEqual({ shape: [1], data: Float64Array.of(7) });
});

test("the extent passes over NaN and infinity", () => {
  expect(extent([Number.NaN, 3, -1, Number.POSITIVE_INFINITY])).toEqual({ min: -1, max: 3 });
  expect(extent([])).toEqual({ min: 0, max: 0 });
});

test("finds x and y by name wherever they stand", () => {
  const axes = spatialAxes([3, 40, 30], ["channel", "x", "y"]);
  expect(axes).toMatchObject({
    x: { size: 40, stride: 30 },
    y: { size: 30, stride: 1 },
    z: undefined,
    others: [{ name: "channel", size: 3, stride: 1200 }],
  });
});

test("without names the last axes are y, x, or z, y, x of three; axes of size 1 don't count", () => {
  expect(spatialAxes([1, 1, 20, 30], undefined)).toMatchObject({
    x: { size: 30 },
    y: { size: 20 },
    others: [],
  });
  expect(spatialAxes([1, 10, 20, 30], undefined)).toMatchObject({
    x: { size: 30 },
    y: { size: 20 },
    z: { size: 10 },
  });
  expect(spatialAxes([5], undefined)).toBeUndefined();
});
