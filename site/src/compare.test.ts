import { expect, test } from "vitest";
import { benchmarkList } from "#ci/benchmarks/list.ts";
import { models } from "../e2e/catalog.ts";
import { curatedOf } from "../e2e/curated.ts";
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
  expect(row("Day")?.cells).toEqual(["2026-05-17", "–"]);
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

test("what was measured on a benchmark stands with its interval, claims beside it", () => {
  const pair = [model("efficientnet-lite0"), model("squeezenet")];
  const digestOf = (name: string) =>
    pair.find(({ id, version }) => `${id}@${version}` === name)?.built?.lock.image.digest ?? "";
  const { benchmarks } = benchmarkList(curatedOf(digestOf).benchmarks, pair);
  const rows = compareModels(pair, { benchmarks });
  const measured = rows.filter(({ group }) => group === "Benchmarks, measured here");
  expect(measured.map(({ name, cells }) => [name, ...cells])).toMatchInlineSnapshot(`
    [
      [
        "top-1 accuracy, ImageNet",
        "74.2 % (71.4 % to 76.8 %, 1,000 items)",
        "57.1 % (54.0 % to 60.1 %, 1,000 items), on an image before this one",
      ],
    ]
  `);
});

test("networks are set side by side as they were read out of the weights", () => {
  expect(row("Activations")).toMatchObject({
    group: "Network, as read out of the weights",
    cells: ["ReLU6 × 33, softmax × 1", "ReLU × 26, softmax × 1"],
    differs: true,
  });
  expect(row("Depth")?.cells).toEqual(["144 operators", "49 operators"]);
  expect(row("Parameters")?.cells).toEqual(["4,694,024", "1,248,424"]);
});
