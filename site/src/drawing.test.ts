import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Prediction } from "#schema/record.ts";
import { keptMask } from "../e2e/catalog/outputs.ts";
import { cropOf, drawingOf, type Ground, isDrawn } from "./drawing.ts";

const ground: Ground = {
  mediaType: "image/jpeg",
  address: "/cells.jpg",
  read: () => readFileSync("site/e2e/samples/cells.jpg"),
};
const boxes = (...prediction: object[]): Prediction =>
  ({ name: "cells", type: "bounding_boxes", shape: [prediction.length], prediction }) as Prediction;

test("boxes lie on the picture that they were found in, in its pixels", async () => {
  const box = { label: "cell", score: 0.9, box: [10, 20, 30, 60] };
  const drawing = await drawingOf(boxes(box), undefined, ground);
  expect(drawing).toMatchObject({ below: "/cells.jpg", width: 480, height: 400 });
  expect(drawing?.focus).toEqual([10, 20, 30, 60]);
  expect(drawing?.entries).toMatchObject([{ name: "cell", value: "90.0\u00a0%" }]);
});

test("where nothing was found, the picture stands alone and says so", async () => {
  const drawing = await drawingOf(boxes(), undefined, ground);
  expect(drawing).toMatchObject({ words: "Nothing was found", focus: [0, 0, 480, 400] });
});

test("a mask that was kept is painted over its input, and says what it marks", async () => {
  const drawing = await drawingOf(keptMask("cytoplasm"), undefined, ground);
  expect(drawing?.picture).toMatch(/^data:image\/png;base64,/);
  expect(drawing?.words).toBe("Mask: cytoplasm <b> 25.0\u00a0%");
  const [left, top, right, bottom] = drawing?.focus ?? [];
  expect([left, top]).toEqual([0, 0]);
  expect([right, bottom].map((value) => Math.round((value ?? 0) / 10))).toEqual([24, 20]);
});

test("a mask that a page and a list show is drawn once", async () => {
  const mask = keptMask("cytoplasm");
  const first = await drawingOf(mask, undefined, ground);
  expect(await drawingOf(mask, undefined, ground)).toBe(first);
  expect(await drawingOf(mask, undefined, undefined)).not.toBe(first);
});

test("a mask that stayed on the server isn't drawn", () => {
  expect(isDrawn(keptMask("cytoplasm"))).toBe(true);
  const away = { ...keptMask("cytoplasm"), prediction: "/api/output/1/cells.h5" } as Prediction;
  expect(isDrawn(away)).toBe(false);
  expect(isDrawn({ name: "says", type: "text", shape: [], prediction: "yes" })).toBe(false);
});

test("a card shows the part where something is, and never beyond the picture", async () => {
  const at = (...box: number[]) =>
    drawingOf(boxes({ label: "a", score: 1, box }), undefined, ground);
  const crop = async (...box: number[]) => cropOf((await at(...box)) as never);
  expect(await crop(100, 0, 120, 10)).toBe("0 0 480 240");
  expect(await crop(100, 160, 120, 200)).toBe("0 60 480 240");
  expect(await crop(100, 390, 120, 400)).toBe("0 160 480 240");
});
