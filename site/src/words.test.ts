import { describe, expect, test } from "vitest";
import { models } from "../e2e/catalog.ts";
import { axes } from "./axes.ts";
import { facet } from "./facets.ts";
import { bytes, number, percent, seconds, shortDigest, words } from "./format.ts";
import { jsonLd } from "./json-ld.ts";
import { sourceLink } from "./links.ts";
import { flatten, plot } from "./plot.ts";
import { runCommands } from "./run.ts";
import { fold, matches } from "./search.ts";
import { spdxParts } from "./spdx.ts";

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

test("numbers, slugs and digests are short", () => {
  expect(number(0.123456)).toBe("0.1235");
  expect(words("voice-activity-detection")).toBe("Voice activity detection");
  expect(shortDigest(`sha256:${"ab".repeat(32)}`)).toBe("sha256:abababababab");
});

test("axes say what sizes they take", () => {
  expect(
    axes([
      { name: "batch", type: "batch", size: 1 },
      { name: "time", type: "time", size: { min: 512, step: 512 }, unit: "s", scale: 0.0000625 },
      { name: "x", type: "space", size: { min: 32, max: 512 }, unit: "mm" },
      { name: "class", type: "index" },
    ]),
  ).toBe("batch 1, time ≥ 512 by 512 (0.0000625 s), x 32–512 (mm), class");
});

test("facets count, the commonest first", () => {
  expect(facet(["b", "a", undefined, "b"])).toEqual([
    { value: "b", count: 2 },
    { value: "a", count: 1 },
  ]);
});

test("search needs every word, without case and accents", () => {
  const text = fold("Bartholomäus, Vision Transformer");
  expect(matches(text, "bartholomaus VISION")).toBe(true);
  expect(matches(text, "vision audio")).toBe(false);
  expect(matches(text, "  ")).toBe(true);
});

test("each licence of an expression leads to its text", () => {
  const links = spdxParts("(MIT OR Apache-2.0) AND GPL-2.0-or-later WITH Classpath-exception-2.0");
  expect(links.map(({ text }) => text).join("")).toBe(
    "(MIT OR Apache-2.0) AND GPL-2.0-or-later WITH Classpath-exception-2.0",
  );
  expect(links.flatMap(({ href }) => href ?? [])).toHaveLength(4);
  expect(spdxParts("LicenseRef-Mine")).toEqual([{ text: "LicenseRef-Mine" }]);
});

test("the commit is shown in its folder", () => {
  expect(sourceLink("https://github.com/a/b.git", "c0ffee", "models/x")).toBe(
    "https://github.com/a/b/tree/c0ffee/models/x",
  );
  expect(sourceLink("https://github.com/a/b/", "c0ffee", ".")).toBe(
    "https://github.com/a/b/tree/c0ffee",
  );
});

test("JSON for a script element can't end it", () => {
  const text = jsonLd({ name: "</script><script>" });
  expect(text).not.toContain("<");
  expect(JSON.parse(text)).toEqual({ name: "</script><script>" });
});

describe("run", () => {
  const inputs = models[0]?.versions[0]?.built?.record.config.inputs ?? [];

  test("an image that reads one file predicts, serves and answers", () => {
    expect(runCommands("ghcr.io/a/b@sha256:00", inputs).map(({ command }) => command)).toEqual([
      "docker run --rm -i ghcr.io/a/b@sha256:00 predict - < photo.jpg",
      "docker run --rm -p 8080:8080 ghcr.io/a/b@sha256:00",
      'curl --data-binary @photo.jpg -H "Content-Type: image/jpeg" http://localhost:8080/api/predict',
    ]);
  });

  test("an image with several inputs only serves", () => {
    expect(runCommands("image", [...inputs, ...inputs])).toHaveLength(1);
  });
});

describe("plot", () => {
  test("reads probabilities against 0 to 1", () => {
    expect(plot([0, 0.5, 0.25])).toEqual({
      path: "M0 80L120 40L240 60",
      isColumns: false,
      min: 0,
      max: 1,
      zero: undefined,
    });
  });

  test("shows where zero lies", () => {
    expect(plot([-3, 1]).zero).toBe(20);
  });

  test("draws many numbers in few strokes, and none is lost", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => (index === 777 ? 5 : 0));
    const { path, max } = plot(many, 64);
    expect(max).toBe(5);
    expect(path.match(/M/g)).toHaveLength(64);
    expect(path).toContain("V0");
  });

  test("bears no numbers, one number, and what is no number", () => {
    expect(plot([]).path).toBe("");
    expect(plot([2]).path).toBe("M0 0");
    expect(plot([Number.NaN, 1]).path).toBe("M0 0");
    expect(flatten([[1, [2]], "x", 3])).toEqual([1, 2, 3]);
  });
});
