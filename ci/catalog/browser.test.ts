import { expect, test } from "vitest";
import type { Record as ModelRecord } from "#schema/record.ts";
import { browserLack, browserNeeds } from "./browser.ts";

const labels = { id: "labels", kwargs: { file: "labels.txt" } };

/** A record of a model without code, as far as it matters here. */
function record(change: {
  bytes?: number;
  type?: string;
  format?: string;
  code?: string;
  sample?: string;
  dtype?: string;
}) {
  const { bytes = 1000, type = "image/png", format = "onnx", code, sample = "a.png" } = change;
  const { dtype = "uint8" } = change;
  const [kind] = type.split("/");
  return {
    config: {
      model: {},
      weights: [{ id: "network", format }],
      inputs: [{ id: "image", kind, mediaTypes: [type], dtype }],
      samples: [{ inputs: { image: sample } }],
      outputs: [{ id: "label", type: "label_list", postprocessing: [labels] }],
    },
    weights: [{ id: "network", file: "network.onnx", sha256: "", bytes }],
    files: ["modelhub.json", ...(code ? [code] : [])].map((path) => ({ path })),
  } as unknown as ModelRecord;
}

test("a model of ONNX and named operations needs its weights and its texts", () => {
  expect(browserNeeds(record({}))).toEqual({
    weights: { id: "network", file: "network.onnx", sha256: "", bytes: 1000 },
    texts: ["labels.txt"],
  });
});

test("a slice of DICOM is a picture of 8 bits where that is all that a model takes", () => {
  expect(browserNeeds(record({ sample: "a.dcm" }))).toBeDefined();
});

test.each([
  ["has code", { code: "model.py" }],
  ["is no ONNX", { format: "tflite" }],
  ["is larger than 25 MB", { bytes: 26 * 1024 * 1024 + 1 }],
  ["takes a kind that browsers don't read", { type: "text/plain" }],
  ["has samples that browsers don't read", { sample: "a.tiff" }],
  ["takes more than 8 bits of DICOM", { sample: "a.dcm", dtype: "int16" }],
  ["takes recordings that browsers don't read", { type: "audio/ogg" }],
])("a model that %s isn't offered to browsers", (_, change) => {
  expect(browserNeeds(record(change))).toBeUndefined();
});

test.each([
  [{ code: "model.py" }, "it has code of its own, in model.py"],
  [{ format: "tflite" }, "its weights are not one ONNX file"],
  [{ bytes: 99_000_000 }, "its weights of 99\u00a0MB are more than 26\u00a0MB"],
  [{ type: "text/plain" }, "it takes text/plain for “image”, which a page doesn't read"],
  [{ sample: "x/a.tiff" }, "it takes files such as a.tiff for “image”, which a page doesn't read"],
])("what keeps a model from browsers is told in words", (change, words) => {
  expect(browserLack(record(change))).toBe(words);
});
