import { expect, test } from "vitest";
import { heatColour, labelColour } from "./colours.ts";
import { readCsv } from "./csv.ts";
import { heatPaint } from "./heatmap.ts";
import { describeShares, labelShares } from "./mask.ts";
import { paintPlane, planeOf, planeOffset } from "./plane.ts";
import { seriesOf } from "./series.ts";
import { frameOf, shapesOf } from "./shapes.ts";
import { sorted } from "./table.ts";
import { outlineOf } from "./text.ts";
import { namedRows } from "./vector.ts";

test("colours of values begin and end where viridis does, and stay there outside", () => {
  expect(heatColour(0)).toEqual([68, 1, 84]);
  expect(heatColour(1)).toEqual([253, 231, 37]);
  expect(heatColour(-3)).toEqual(heatColour(0));
  expect(heatColour(0.05)).toEqual([70, 19, 101]);
});

test("neighbouring labels differ in colour, and after the last they come again", () => {
  expect(labelColour(1)).not.toEqual(labelColour(2));
  expect(labelColour(9)).toEqual(labelColour(1));
});

test("a mask says its labels and how much each covers, without the background", () => {
  const shares = labelShares({ data: [0, 0, 2, 1, 2, 0, 0, 0] }, { 2: "lung" });
  expect(shares).toEqual([
    { value: 1, name: "Label 1", share: 1 / 8 },
    { value: 2, name: "lung", share: 2 / 8 },
  ]);
  expect(describeShares(shares).replaceAll("\u00a0", " ")).toBe(
    "Mask: Label 1 12.5 %, lung 25.0 %",
  );
  expect(describeShares([])).toBe("Mask without any label");
});

test("a plane is painted over what is there, as opaque as asked", () => {
  const array = { shape: [1, 2], data: [0, 1] };
  const [x, y] = [
    { name: "x", size: 2, stride: 1 },
    { name: "y", size: 1, stride: 2 },
  ];
  const pixels = new Uint8ClampedArray([200, 200, 200, 255, 200, 200, 200, 255]);
  paintPlane(pixels, planeOf(array, x, y), (value) => (value ? [[100, 0, 0], 0.5] : undefined));
  expect([...pixels]).toEqual([200, 200, 200, 255, 150, 100, 100, 255]);
});

test("a heatmap leaves out what lies below its range", () => {
  const paint = heatPaint({ min: 0, max: 10 }, 4, 0.5);
  expect(paint(3.9)).toBeUndefined();
  expect(paint(10)).toEqual([heatColour(1), 0.5]);
  expect(paint(Number.NaN)).toBeUndefined();
});

test("planes along several axes are counted with the last axis fastest", () => {
  const axes = [
    { name: "time", size: 2, stride: 600 },
    { name: "channel", size: 3, stride: 200 },
  ];
  expect([0, 1, 3, 5].map((place) => planeOffset(axes, place))).toEqual([0, 200, 600, 1000]);
});

test("boxes of one label and points of one instance share a colour", () => {
  const boxes = shapesOf({
    name: "boxes",
    type: "bounding_boxes",
    shape: [3],
    prediction: ["cat", "dog", "cat"].map((label) => ({ label, score: 0.5, box: [1, 2, 30, 40] })),
  });
  const [first, second, third] = boxes.map(({ colour }) => colour);
  expect(first).toEqual(third);
  expect(first).not.toEqual(second);
  expect(boxes[0]?.points).toEqual([
    [1, 2],
    [30, 2],
    [30, 40],
    [1, 40],
  ]);
  expect(frameOf(boxes, undefined)).toEqual({ width: 32, height: 42 });
  expect(frameOf(boxes, { src: "", width: 64, height: 48 })).toEqual({ width: 64, height: 48 });
});

test("an open contour is a line, and a point of three axes is drawn by its first two", () => {
  const [contour] = shapesOf({
    name: "outline",
    type: "contour",
    shape: [1],
    prediction: [{ points: [[1, 2, 9]], closed: false }],
  });
  expect(contour).toMatchObject({ kind: "line", name: "Outline", points: [[1, 2]] });
});

test("columns sort as numbers where they are, and what is missing comes last", () => {
  const rows = [[10], [9], [null], [100]];
  expect(sorted(rows, 0, "ascending").flat()).toEqual([9, 10, 100, null]);
  expect(sorted(rows, 0, "descending").flat()).toEqual([100, 10, 9, null]);
  expect(sorted([["b"], ["a"]], 0, "ascending").flat()).toEqual(["a", "b"]);
});

test("numbers with names become pairs, or columns where there are several rows", () => {
  expect(namedRows([1, 2], ["a", "b"])).toEqual({
    columns: ["Name", "Value"],
    rows: [
      ["a", 1],
      ["b", 2],
    ],
  });
  expect(namedRows([1, 2, 3, 4], ["a", "b"]).rows).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("a few rows or columns are lines along the longer axis", () => {
  const across = { shape: [1, 2, 3], data: [1, 2, 3, 4, 5, 6] };
  expect(seriesOf(across, ["batch", "channel", "time"])).toEqual({
    along: "time",
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  });
  const down = { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };
  expect(seriesOf(down, undefined).rows).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
  const deep = { shape: [2, 2, 2], data: [1, 2, 3, 4, 5, 6, 7, 8] };
  expect(seriesOf(deep, undefined).rows).toHaveLength(1);
});

test("reads CSV with quotes, empty fields and Windows' line ends, and TSV", () => {
  expect(readCsv('a,b\r\n"x, ""y""\nz",2\r\n,\r\n')).toEqual({
    columns: ["a", "b"],
    rows: [
      ['x, "y"\nz', "2"],
      ["", ""],
    ],
  });
  expect(readCsv("a\tb\n1,5\t2")).toEqual({ columns: ["a", "b"], rows: [["1,5", "2"]] });
});

test("JSON is outlined by its keys or its length", () => {
  expect(outlineOf({ nodes: [], edges: [] })).toBe("nodes, edges");
  expect(outlineOf([1, 2])).toBe("List of 2");
  expect(outlineOf(Object.fromEntries([..."abcdefgh"].map((key) => [key, 1])))).toBe(
    "a, b, c, d, e, f and 2 more",
  );
});
