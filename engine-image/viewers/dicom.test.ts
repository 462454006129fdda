import { expect, test } from "vitest";
import { readDicom } from "./dicom.ts";

/** A slice of 3 × 2 pixels at a height, as a scanner writes it. */
function slice(
  height: number,
  {
    syntax = "1.2.840.10008.1.2.1",
    isSigned = false,
    values = [0, 1, 2, 3, 4, 5],
    colours = "MONOCHROME2",
    series = "1.2.3",
    hasTable = false,
    orientation = "1\\0\\0\\0\\1\\0",
  }: {
    syntax?: string;
    isSigned?: boolean;
    values?: number[];
    colours?: string;
    series?: string;
    hasTable?: boolean;
    orientation?: string;
  } = {},
): Uint8Array {
  const isExplicit = syntax !== "1.2.840.10008.1.2";
  const body = [
    element("0018,0050", "DS", "2"),
    // A sequence of unknown length, with the same tags inside.
    isExplicit ? sequence(element("0028,0010", "US", word(99))) : [],
    element("0020,000e", "UI", series),
    element("0020,0032", "DS", `10\\20\\${height}`),
    element("0020,0037", "DS", orientation),
    element("0028,0004", "CS", colours),
    element("0028,0010", "US", word(2)),
    element("0028,0011", "US", word(3)),
    element("0028,0030", "DS", "0.5\\0.25"),
    element("0028,0100", "US", word(16)),
    element("0028,0103", "US", word(isSigned ? 1 : 0)),
    element("0028,1052", "DS", "-1000"),
    element("0028,1053", "DS", "2"),
    isExplicit && hasTable ? sequence([], "0028,3000") : [],
    element("7fe0,0010", "OW", [...new Uint8Array(Int16Array.from(values).buffer)]),
  ].flatMap((bytes) => (isExplicit ? bytes : implicit(bytes)));
  return Uint8Array.from([
    ...Array(128).fill(0),
    ...ascii("DICM"),
    ...element("0002,0010", "UI", syntax),
    ...body,
  ]);
}

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const word = (value: number) => [value & 255, value >> 8];
const long = (value: number) => [...word(value & 0xffff), ...word(value >>> 16)];
const tag = (name: string) => name.split(",").flatMap((part) => word(Number.parseInt(part, 16)));

function element(name: string, form: string, content: string | number[]): number[] {
  const bytes = typeof content === "string" ? ascii(content) : content;
  if (bytes.length % 2) bytes.push(32);
  const length = form === "OW" ? [0, 0, ...long(bytes.length)] : word(bytes.length);
  return [...tag(name), ...ascii(form), ...length, ...bytes];
}

function sequence(inner: number[], name = "0008,1140"): number[] {
  const open = [255, 255, 255, 255];
  const end = [0, 0, 0, 0];
  return [
    ...[...tag(name), ...ascii("SQ"), 0, 0, ...open],
    ...[...tag("fffe,e000"), ...open, ...inner, ...tag("fffe,e00d"), ...end],
    ...[...tag("fffe,e0dd"), ...end],
  ];
}

/** The same element in the form without types. */
function implicit(bytes: number[]): number[] {
  if (bytes.length === 0) return [];
  const isLong = String.fromCharCode(...bytes.slice(4, 6)) === "OW";
  const content = bytes.slice(isLong ? 12 : 8);
  return [...bytes.slice(0, 4), ...long(content.length), ...content];
}

test("slices are stacked by their height, rescaled, in millimetres", () => {
  const grid = readDicom([slice(7, { values: [6, 7, 8, 9, 10, 11] }), slice(4)]);
  expect(grid?.sizes).toEqual([3, 2, 2]);
  expect(grid?.spacing).toEqual([0.25, 0.5, 3]);
  expect(grid?.origin).toEqual([10, 20, 4]);
  expect(grid?.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  expect(Array.from(grid?.data ?? [])).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((value) => value * 2 - 1000),
  );
});

test("a slice alone is as thick as it says; signed numbers are read, and types may be left out", () => {
  const values = [-5, 0, 0, 0, 0, 0];
  const grid = readDicom([slice(0, { syntax: "1.2.840.10008.1.2", isSigned: true, values })]);
  expect(grid?.spacing).toEqual([0.25, 0.5, 2]);
  expect(grid?.data[0]).toBe(-1010);
});

test.each([
  ["says that it is in runs and isn't", [slice(0, { syntax: "1.2.840.10008.1.2.5" })]],
  ["is cut off", [slice(0).subarray(0, -6)]],
  ["is another file", [Uint8Array.from({ length: 200 })]],
])("a file that %s is left to the engine", (_, files) => {
  expect(readDicom(files)).toBeUndefined();
});

test.each([
  [
    "1.2.840.10008.1.2.4.90",
    "its pixels are stored as JPEG 2000, which a page doesn't read: unpack the file first, as “gdcmconv --raw IN OUT” does, or run the model on your own machine, whose image reads it",
  ],
  [
    "1.2.840.10008.1.2.4.70",
    "its pixels are stored as lossless JPEG, which a page doesn't read: unpack the file first, as “gdcmconv --raw IN OUT” does; the model's image may not read it either",
  ],
  ["1.2.3", "its pixels are stored as transfer syntax 1.2.3, which a page doesn't read"],
])("a file of syntax %s is refused with what to do", (syntax, message) => {
  expect(() => readDicom([slice(0, { syntax })])).toThrow(message);
});

test.each([
  ["of two series", slice(1, { series: "1.2.4" }), "it holds slices of 2 series; one is read"],
  [
    "that lies across",
    slice(1, { orientation: "0\\1\\0\\0\\0\\1" }),
    "it holds slices that aren't parallel",
  ],
  [
    "without a place",
    slice(1, { orientation: "" }),
    "it holds a slice that doesn't say where it lies",
  ],
  ["at the place of another", slice(0), "it holds two slices at one place"],
])("a stack with a slice %s is refused", (_, other, message) => {
  expect(() => readDicom([slice(0), other])).toThrow(message);
});

test("a series with a gap is refused", () => {
  expect(() => readDicom([slice(0), slice(1), slice(3)])).toThrow(
    "its slices lie 1 to 2 mm apart; some are missing, or of another series",
  );
});

test("values in a table are refused", () => {
  const file = slice(0, { hasTable: true });
  expect(() => readDicom([file])).toThrow("it keeps its values in a table");
});

test("the entries of a palette aren't taken for grey", () => {
  expect(readDicom([slice(0, { colours: "PALETTE COLOR" })])).toBeUndefined();
  expect(readDicom([slice(0)])).toBeDefined();
});
