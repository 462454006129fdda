import { expect, test } from "vitest";
import { models } from "../e2e/catalog.ts";
import { compareModels } from "./compare.ts";

const model = (id: string) => {
  const found = models.flatMap(({ versions }) => versions).find((version) => version.id === id);
  if (!found) throw new Error(`no model ${id}`);
  return found;
};
const rows = compareModels([model("efficientnet-lite0"), model("squeezenet")]);
const row = (name: string) => rows.find((candidate) => candidate.name === name);

test("facts stand side by side, and what differs is marked", () => {
  expect(row("Architecture")).toMatchObject({
    cells: ["EfficientNet-Lite0", "SqueezeNet 1.0"],
    differs: true,
  });
  expect(row("Framework")).toMatchObject({ differs: false });
  expect(row("Weights")).toMatchObject({
    group: "Licences",
    cells: ["Apache-2.0", "BSD-2-Clause"],
  });
});

test("figures come from the native platform", () => {
  expect(row("Measured on")?.cells).toEqual(["linux/amd64", "linux/amd64"]);
  expect(row("Samples reproduced")?.cells).toEqual(["2 of 2", "1 of 1"]);
});

test("a claim is set beside the same metric on the same data only", () => {
  expect(row("top-1 accuracy, ImageNet (ILSVRC 2012) validation")).toMatchObject({
    group: "Claimed",
    cells: ["75.1 %", "–"],
  });
});

test("what no model has takes no row; a model that waits for its build has few", () => {
  const waiting = compareModels([model("leaf-disease")]);
  expect(waiting.map(({ name }) => name)).toEqual(["Version", "Status"]);
});
