import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { found, size } from "./head.ts";
import { type InputExample, scan } from "./inputs.ts";

interface OutputExample {
  id: string;
  output: Prediction;
  declared?: Output;
  scan?: Required<InputExample>;
}

/** One example for each way in which an output is drawn. */
export const outputs: OutputExample[] = [
  {
    id: "label_list",
    output: {
      name: "classes",
      type: "label_list",
      description: "What the picture shows, likeliest first.",
      shape: [12],
      prediction: Array.from({ length: 12 }, (_, at) => ({
        label: at === 0 ? "espresso" : `a label with a rather long name, number ${at}`,
        probability: 0.6 ** (at + 1),
      })),
    },
  },
  {
    id: "mask",
    output: {
      name: "segments",
      type: "mask",
      shape: [60, 80],
      axes: ["y", "x"],
      labels: { 1: "cup", 2: "saucer" },
      prediction: plane(60, 80, (x, y) =>
        Math.hypot(x, y) < 0.45 ? 1 : Math.hypot(x * 0.8, y) < 0.7 ? 2 : 0,
      ),
    },
  },
  {
    id: "heatmap",
    output: {
      name: "attention",
      type: "heatmap",
      shape: [2, 14, 14],
      axes: ["channel", "y", "x"],
      unit: "share of attention",
      prediction: [0, 1].map((at) =>
        plane(14, 14, (x, y) => Math.exp(-3 * ((x - at * 0.6) ** 2 + y ** 2))),
      ),
    },
  },
  {
    id: "bounding_boxes",
    output: {
      name: "things",
      type: "bounding_boxes",
      shape: [3],
      prediction: [
        { label: "cup", score: 0.93, box: [70, 40, 230, 180] },
        { label: "spoon", score: 0.41, box: [200, 90, 290, 140] },
        { label: "cup", score: 0.12, box: [5, 0, 60, 40] },
      ],
    },
  },
  {
    id: "contour",
    output: {
      name: "outlines",
      type: "contour",
      shape: [1],
      prediction: [
        {
          label: "rim",
          closed: true,
          points: Array.from({ length: 40 }, (_, at) => [
            160 + 90 * Math.cos((at / 20) * Math.PI),
            110 + 70 * Math.sin((at / 20) * Math.PI),
          ]),
        },
      ],
    },
  },
  {
    id: "keypoints",
    output: {
      name: "landmarks",
      type: "keypoints",
      shape: [3],
      prediction: [
        { name: "left_edge", point: [70, 110], score: 0.9 },
        { name: "right_edge", point: [250, 110], score: 0.8 },
        { name: "handle", point: [300, 60], score: 0.3 },
      ],
    },
  },
  {
    id: "image",
    output: { name: "upscaled", type: "image", shape: [224, 320, 3], prediction: "coffee.jpg" },
  },
  {
    id: "scalar",
    output: { name: "age", type: "vector", shape: [1], unit: "years", prediction: [41.2375] },
  },
  {
    id: "named",
    output: { name: "features", type: "vector", shape: [3], prediction: [0.1, 12.5, -3] },
    declared: { id: "features", type: "vector", columns: ["roundness", "area", "contrast"] },
  },
  {
    id: "series",
    output: {
      name: "speech",
      type: "vector",
      shape: [2, 120],
      axes: ["channel", "time"],
      unit: "probability",
      prediction: [0, 1].map((row) =>
        Array.from({ length: 120 }, (_, at) => Math.sin(at / (9 + row * 7)) ** 2),
      ),
    },
  },
  {
    id: "plane",
    output: {
      name: "pitches",
      type: "vector",
      shape: [172, 88],
      axes: ["time", "pitch"],
      prediction: plane(
        172,
        88,
        (x, y) =>
          Math.exp(-200 * (x - Math.sin(y * 6) * 0.6) ** 2) * (Math.sin(y * 40) > -0.5 ? 1 : 0.1),
      ),
    },
  },
  {
    id: "volume-mask",
    scan,
    output: {
      name: "lesion",
      type: "mask",
      shape: [size[2], size[1], size[0]],
      axes: ["z", "y", "x"],
      labels: { 1: "lesion" },
      direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
      spacing: [4, 4, 5],
      prediction: found((x, y, z) => (Math.hypot(x - 0.4, y - 0.3, z) < 0.3 ? 1 : 0)),
    },
  },
  {
    id: "volume-heatmap",
    output: {
      name: "uncertainty",
      type: "heatmap",
      shape: [size[2], size[1], size[0]],
      axes: ["z", "y", "x"],
      spacing: [4, 4, 5],
      prediction: found((x, y, z) => Math.exp(-4 * (x * x + y * y + z * z))),
    },
  },
  {
    id: "text",
    output: {
      name: "caption",
      type: "text",
      shape: [],
      prediction: "A cup of coffee on a saucer.\nSecond line.",
    },
  },
  {
    id: "table",
    output: {
      name: "cells",
      type: "table",
      shape: [3],
      prediction: {
        columns: ["cell", "area", "kind"],
        rows: [
          [1, 120.51234, "round"],
          [2, 9, "long"],
          [3, null, "round"],
        ],
      },
    },
  },
  {
    id: "custom",
    output: {
      name: "graph",
      type: "custom",
      shape: [],
      prediction: {
        nodes: Array.from({ length: 30 }, (_, at) => ({ id: at, name: `node ${at}` })),
        edges: [],
      },
    },
  },
];

/** A plane of numbers by their place, -1 to 1 along both axes. */
function plane(height: number, width: number, value: (x: number, y: number) => number): number[][] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) =>
      value((column / (width - 1)) * 2 - 1, (row / (height - 1)) * 2 - 1),
    ),
  );
}
