import { expect, test } from "vitest";
import { bytes, cell, number, percent, plural, seconds, words } from "./format.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [9_960, "10 kB"],
  [999_600, "1.0 MB"],
  [96_400_000, "96 MB"],
  [2_400_000_000, "2.4 GB"],
])("%d bytes read %s", (count, text) => expect(plain(bytes(count))).toBe(text));

test.each([
  [0, "0 s"],
  [0.0004, "< 1 ms"],
  [0.0142, "14 ms"],
  [0.9996, "1.0 s"],
  [75.4, "75 s"],
])("%d seconds read %s", (value, text) => expect(plain(seconds(value))).toBe(text));

test("small shares are not called none", () => {
  expect([1, 0.9612, 0.0004, 0].map(percent).map(plain)).toEqual([
    "100.0 %",
    "96.1 %",
    "< 0.1 %",
    "0.0 %",
  ]);
});

test("numbers and words are short", () => {
  expect(number(0.123456)).toBe("0.1235");
  expect(words("voice-activity-detection")).toBe("Voice activity detection");
  expect(words("left_eye")).toBe("Left eye");
  expect([0, 1, 1200].map((value) => plural(value, "box"))).toEqual([
    "0 boxes",
    "1 box",
    "1,200 boxes",
  ]);
});

test("a cell holds any value in a line", () => {
  expect([1234567, 0.123456, null, "a", true, { a: [1] }].map(cell)).toEqual([
    "1234567",
    "0.1235",
    "",
    "a",
    "true",
    '{"a":[1]}',
  ]);
});
