import { expect, test } from "vitest";
import type { Input, Output } from "#schema/config.ts";
import { readNpy } from "#viewers/npy.ts";
import { imageArray } from "./image-array.ts";
import { predictionOf } from "./prediction.ts";
import { tableArray } from "./table-array.ts";

const axis = (name: string, type: "batch" | "channel" | "space", size?: number) =>
  ({ name, type, ...(size !== undefined && { size }) }) as Input["axes"][number];
const [y, x] = [axis("y", "space"), axis("x", "space")];

// Two pixels beside each other: red, and a half transparent blue.
const pixels = { width: 2, height: 1, data: [255, 0, 0, 255, 0, 0, 200, 128] };

test("a picture has the axes that the config has, in its order", () => {
  const axes = [axis("batch", "batch", 1), axis("channel", "channel", 3), y, x];
  expect(imageArray(pixels, axes)).toEqual({
    shape: [1, 3, 1, 2],
    data: Uint8Array.of(255, 0, 0, 0, 0, 200),
  });
  expect(imageArray(pixels, [x, y, axis("channel", "channel", 4)])).toEqual({
    shape: [2, 1, 4],
    data: Uint8Array.from(pixels.data),
  });
});

test("a picture without channels is as grey as Pillow makes it", () => {
  expect(imageArray(pixels, [y, x])).toEqual({ shape: [1, 2], data: Uint8Array.of(76, 23) });
});

test("a table's columns come in the order of the config", () => {
  const table = { columns: ["b", "a", "name"], rows: [["2", "1", "x"]] };
  expect(tableArray(table, { columns: ["a", "b"] })).toEqual({
    shape: [1, 2],
    data: Float64Array.of(1, 2),
  });
  expect(() => tableArray(table, { columns: ["a", "c"] })).toThrow(
    "Row 1 has no finite number in column c.",
  );
});

test("an array becomes lists in lists, as the engine replies", async () => {
  const output = { id: "mask", type: "mask", labels: { 1: "text" } } as unknown as Output;
  const data = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  expect(await predictionOf(output, { data, shape: [2, 2, 3] })).toEqual({
    name: "mask",
    type: "mask",
    shape: [2, 2, 3],
    labels: { 1: "text" },
    prediction: [
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [
        [6, 7, 8],
        [9, 10, 11],
      ],
    ],
  });
});

test("a large array becomes a file that reads back", async () => {
  const output = { id: "mask", type: "mask" } as unknown as Output;
  const data = Uint8Array.from({ length: 200 * 100 }, (_, at) => at % 251);
  const filed = await predictionOf(output, { data, shape: [200, 100] });
  const file = "file" in filed ? filed.file : new Blob();
  const array = readNpy(new Uint8Array(await file.arrayBuffer()));
  expect(array?.shape).toEqual([200, 100]);
  expect(Uint8Array.from(array?.data ?? [])).toEqual(data);
});
