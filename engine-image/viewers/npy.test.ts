import { expect, test } from "vitest";
import { readNpy } from "./npy.ts";

function npy(type: string, shape: string, data: ArrayBuffer, isFortran = false): Uint8Array {
  const order = isFortran ? "True" : "False";
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
  const start = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0];
  return new Uint8Array([...start, ...new TextEncoder().encode(header), ...new Uint8Array(data)]);
}

const numbers = (file: Uint8Array) => Array.from(readNpy(file)?.data ?? []);

test.each([
  ["<f4", new Float32Array([1.5, -2])],
  ["<f8", new Float64Array([1.5, -2])],
  ["|i1", new Int8Array([1, -2])],
  ["<i2", new Int16Array([300, -2])],
  ["<i4", new Int32Array([70_000, -2])],
  ["|u1", new Uint8Array([1, 255])],
  ["<u2", new Uint16Array([1, 65_535])],
  ["<u4", new Uint32Array([1, 4_294_967_295])],
])("reads numbers of type %s", (type, data) => {
  expect(numbers(npy(type, "2,", data.buffer))).toEqual(Array.from(data));
});

test("reads whole numbers of 64 bits, truth values and half floats", () => {
  expect(numbers(npy("<i8", "2,", new BigInt64Array([5n, -(2n ** 40n)]).buffer))).toEqual([
    5,
    -(2 ** 40),
  ]);
  expect(numbers(npy("|b1", "3,", new Uint8Array([1, 0, 1]).buffer))).toEqual([1, 0, 1]);
  // 1, -2, the smallest number above 0, infinity, NaN
  const bits = new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00]);
  expect(numbers(npy("<f2", "5,", bits.buffer))).toEqual([
    1,
    -2,
    2 ** -24,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]);
});

test("brings Fortran's order into C's", () => {
  const file = npy("<f4", "2, 3", new Float32Array([1, 4, 2, 5, 3, 6]).buffer, true);
  expect(readNpy(file)).toMatchObject({ shape: [2, 3] });
  expect(numbers(file)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("refuses what is cut off, of objects, or no array file", () => {
  expect(readNpy(npy("<f4", "3,", new Float32Array([1, 2]).buffer))).toBeUndefined();
  expect(readNpy(npy("|O", "1,", new Uint8Array(8).buffer))).toBeUndefined();
  expect(readNpy(new TextEncoder().encode("not an array at all"))).toBeUndefined();
  expect(readNpy(new Uint8Array())).toBeUndefined();
});
