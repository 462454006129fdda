import { expect, test } from "vitest";
import type { Record as ModelRecord } from "#schema/record.ts";
import { browserNeeds } from "./browser.ts";

const labels = { id: "labels", kwargs: { file: "labels.txt" } };

/** A record of a model without code, as far as it matters here. */
function record(change: {
  bytes?: number;
  type?: string;
  format?: string;
  code?: string;
  sample?: string;
}) {
  const { bytes = 1000, type = "image/png", format = "onnx", code, sample = "a.png" } = change;
  const [kind] = type.split("/");
  return {
    config: {
      model: {},
      weights: [{ id: "network", format }],
      inputs: [{ id: "image", kind, mediaTypes: [type] }],
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

test.each([
  ["has code", { code: "model.py" }],
  ["is no ONNX", { format: "tflite" }],
  ["is larger than 25 MB", { bytes: 26 * 1024 * 1024 + 1 }],
  ["takes a kind that browsers don't read", { type: "text/plain" }],
  ["has samples that browsers don't read", { sample: "a.dcm" }],
  ["takes recordings that browsers don't read", { type: "audio/flac" }],
])("a model that %s isn't offered to browsers", (_, change) => {
  expect(browserNeeds(record(change))).toBeUndefined();
});
