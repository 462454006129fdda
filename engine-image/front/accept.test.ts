import { describe, expect, it } from "vitest";
import { availableTypes, chooseEncoding } from "./accept.ts";
import { testModel } from "./tests/fake-app.ts";

const labels = testModel("colours").config;
const fields = testModel("colours", {
  outputs: [
    { id: "mask", type: "mask", grid: "image" },
    { id: "labels", type: "label_list" },
  ],
}).config;

describe("the header Accept", () => {
  it.each([
    [undefined, "json"],
    ["*/*", "json"],
    ["application/json", "json"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"],
    ["application/x-hdf5", "hdf5"],
    ["application/x-npy, application/json;q=0.5", "npy"],
    ["application/json;q=0.2, image/png;q=0.9", "png"],
    ["application/x-nifti+gzip", "nifti"],
    ["APPLICATION/DICOM; q=1", "dicom-seg"],
    ["application/x-parquet, text/csv", "csv"],
  ])("%s gives %s", (accept, encoding) => {
    expect(chooseEncoding(accept, fields)).toBe(encoding);
  });

  it.each(["image/png", "application/x-parquet", "application/json;q=0"])(
    "refuses %s for labels and says what there is",
    (accept) => {
      expect(() => chooseEncoding(accept, labels)).toThrow(
        `This model's outputs come as application/json, application/x-hdf5, text/csv, but the request accepts only ${accept}. Name one of them in the header Accept, or leave it out for JSON.`,
      );
    },
  );

  it("offers a segmentation only where the mask lies on an input's grid", () => {
    expect(availableTypes(fields)).toContain("application/dicom");
    const outputs = [{ id: "mask", type: "mask" as const }];
    expect(availableTypes({ ...fields, outputs })).not.toContain("application/dicom");
  });
});
