import { expect, test } from "vitest";
import { models } from "../e2e/catalog.ts";
import {
  blocksOf,
  familyOf,
  type Observed,
  observe,
  parametersByYear,
  sharesByYear,
  usualBy,
} from "./trends.ts";

const observed = (more: Partial<Observed>): Observed => ({
  year: 2020,
  task: "segmentation",
  field: "radiology",
  family: "U-Net",
  parameters: 100,
  ...more,
});
const read = (activations: string[]) => ({ blocks: [], activations, normalisers: [] });

test.each([
  ["ResNet-50", "ResNet"],
  ["ResNet-50 v2", "ResNet"],
  ["MobileNetV2", "MobileNet"],
  ["EfficientNet-Lite0", "EfficientNet"],
  ["SqueezeNet 1.0", "SqueezeNet"],
  ["ViT-Base/14 with registers, distilled from ViT-Giant/14", "ViT"],
  ["EfficientNet-B4", "EfficientNet"],
  ["Swin-T", "Swin"],
  ["U-Net", "U-Net"],
  ["3D U-Net", "U-Net"],
  ["DBNet with PP-LCNetV3", "DBNet"],
  ["logistic regression", "logistic regression"],
  ["Convolutions and LSTM", "Convolutions"],
  ["v2", "v2"],
  ["", "unnamed"],
])("%s belongs to the family %s", (architecture, family) => {
  expect(familyOf(architecture)).toBe(family);
});

test("what a network is built of follows from its operators", () => {
  expect(blocksOf(["Conv", "LSTM", "Relu"])).toEqual(["convolution", "recurrent cell"]);
  expect(blocksOf(["ConvTranspose"])).toEqual(["transposed convolution"]);
});

test("a built model is seen with what was read; one that waits or is yanked is not", () => {
  const versions = models.flatMap((model) =>
    model.versions.map((version) => ({ model: version, card: model.card })),
  );
  const find = (id: string, version?: string) => {
    const page = versions.find(
      ({ model }) => model.id === id && (!version || model.version === version),
    );
    if (!page) throw new Error(`no model ${id}`);
    return observe(page);
  };
  expect(find("efficientnet-lite0")).toMatchObject({
    year: 2019,
    family: "EfficientNet",
    read: { blocks: ["convolution", "matrix product"], activations: ["ReLU6", "softmax"] },
  });
  expect(find("silero-vad")).not.toHaveProperty("read");
  expect(find("efficientnet-lite0", "1.0.1")).toBeUndefined();
  expect(find("leaf-disease")).toBeUndefined();
});

test("parameters spread by year; what has no year counts nowhere", () => {
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((parameters) => observed({ parameters }));
  const [spread, ...more] = parametersByYear([
    ...all,
    observed({ year: undefined, parameters: 1e9 }),
    observed({ parameters: undefined }),
  ]);
  expect(more).toEqual([]);
  expect(spread).toMatchObject({
    name: "2020",
    models: 9,
    least: 1,
    lower: 3,
    median: 5,
    upper: 7,
    most: 9,
    values: [],
  });
  expect(parametersByYear([observed({})])[0]?.values).toEqual([100]);
  const two = [observed({ parameters: 10 }), observed({ parameters: 20 })];
  expect(parametersByYear(two)[0]?.median).toBe(15);
  expect(usualBy(two, ({ task }) => task)[0]?.median).toBe(15);
});

test("shares count models, not uses; models that were not read and years without any are left out", () => {
  const all = [
    observed({ year: 2019, read: read(["ReLU", "ReLU"]) }),
    observed({ year: 2021, read: read(["ReLU", "GELU"]) }),
    observed({ year: 2021 }),
    observed({ year: undefined, read: read(["ReLU"]) }),
  ];
  expect(sharesByYear(all, (model) => model.read?.activations)).toEqual({
    models: 3,
    years: [
      { name: "2019", models: 1 },
      { name: "2021", models: 1 },
    ],
    rows: [
      { name: "ReLU", total: 3, counts: [1, 1] },
      { name: "GELU", total: 1, counts: [0, 1] },
    ],
    others: 0,
  });
});

test("ten thousand models of forty years still make a small table", () => {
  const all = Array.from({ length: 10_000 }, (_, at) =>
    observed({ year: 1986 + (at % 40), family: `F${at % 300}`, task: `task ${at % 50}` }),
  );
  const { years, rows, others } = sharesByYear(all, ({ family }) => [family]);
  expect(years).toHaveLength(12);
  expect(years[0]).toEqual({ name: "to 2014", models: 7250 });
  expect(rows).toHaveLength(10);
  expect(others).toBe(290);
  expect(usualBy(all, ({ task }) => task)).toHaveLength(15);
});

test("what is usual names how many models have it", () => {
  const all = [
    observed({ read: read(["ReLU"]) }),
    observed({ read: read(["ReLU", "tanh"]) }),
    observed({}),
  ];
  expect(usualBy(all, ({ task }) => task)).toEqual([
    {
      name: "segmentation",
      models: 3,
      read: 2,
      median: 100,
      block: undefined,
      activation: "ReLU, 2 of 2",
      normaliser: undefined,
    },
  ]);
});

test("an empty catalog has no trends", () => {
  expect(parametersByYear([])).toEqual([]);
  expect(sharesByYear([], ({ family }) => [family])).toEqual({
    models: 0,
    years: [],
    rows: [],
    others: 0,
  });
});
