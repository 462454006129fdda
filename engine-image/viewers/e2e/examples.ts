import type { Input, Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";

/** One example for each kind of input and each way in which an output is drawn. */

interface InputExample {
  input: Input;
  /** Absent: the picture. */
  file?: () => File | Promise<File>;
}

interface OutputExample {
  id: string;
  output: Prediction;
  declared?: Output;
  scan?: Required<InputExample>;
}

const input = (kind: Input["kind"]): Input => ({
  id: `some_${kind}`,
  kind,
  mediaTypes: ["application/octet-stream"],
  axes: [],
  dtype: "float32",
});

/** A plane of numbers by their place, -1 to 1 along both axes. */
function plane(height: number, width: number, value: (x: number, y: number) => number): number[][] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) =>
      value((column / (width - 1)) * 2 - 1, (row / (height - 1)) * 2 - 1),
    ),
  );
}

const size = [40, 48, 32] as const;

/** A head: a bright shell around grey, as NIfTI, gzipped; x runs to the patient's right. */
async function head(): Promise<File> {
  const [nx, ny, nz] = size;
  const file = new DataView(new ArrayBuffer(352 + nx * ny * nz * 2));
  file.setInt32(0, 348, true);
  for (const [at, value] of [3, nx, ny, nz].entries()) file.setInt16(40 + at * 2, value, true);
  file.setInt16(70, 4, true);
  for (const [at, value] of [1, 4, 4, 5].entries()) file.setFloat32(76 + at * 4, value, true);
  file.setFloat32(108, 352, true);
  file.setFloat32(112, 1, true);
  file.setInt16(254, 1, true);
  for (const [row, step] of [4, 4, 5].entries()) file.setFloat32(280 + row * 20, step, true);
  file.setUint32(344, 0x6e2b3100);
  eachVoxel((x, y, z, at) => {
    const radius = Math.hypot(x, y * 0.9, z * 1.05);
    const inside = 400 + 150 * Math.sin(x * 9) * Math.cos(y * 7 + z * 5);
    const value = radius > 0.95 ? 0 : radius > 0.85 ? 1000 : inside;
    file.setInt16(352 + at * 2, value, true);
  });
  const stream = new Blob([file.buffer]).stream().pipeThrough(new CompressionStream("gzip"));
  return new File([await new Response(stream).blob()], "head.nii.gz");
}

/** Places from -1 to 1, x fastest. */
function eachVoxel(visit: (x: number, y: number, z: number, at: number) => void): void {
  const [nx, ny, nz] = size;
  for (let at = 0; at < nx * ny * nz; at += 1) {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    visit((x / nx) * 2 - 1, (y / ny) * 2 - 1, (z / nz) * 2 - 1, at);
  }
}

/** What a model finds in the head, as it lies in an array with the axes z, y, x. */
function found(value: (x: number, y: number, z: number) => number): number[] {
  const numbers: number[] = [];
  eachVoxel((x, y, z, at) => {
    numbers[at] = value(x, y, z);
  });
  return numbers;
}

/** One second of two tones, as WAV. */
function recording(): File {
  const rate = 8000;
  const file = new DataView(new ArrayBuffer(44 + rate * 2));
  const text = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries())
      file.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, "RIFF");
  file.setUint32(4, 36 + rate * 2, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, rate, true);
  file.setUint32(28, rate * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "data");
  file.setUint32(40, rate * 2, true);
  for (let at = 0; at < rate; at += 1) {
    const loud = Math.sin((at / rate) * 9) ** 2;
    file.setInt16(44 + at * 2, 20_000 * loud * Math.sin(at * 0.4), true);
  }
  return new File([file.buffer], "tones.wav", { type: "audio/wav" });
}

export const inputs: InputExample[] = [
  { input: input("image") },
  { input: input("volume"), file: head },
  { input: input("audio"), file: recording },
  { input: input("text"), file: () => new File(["A text,\nas it was typed."], "text.txt") },
  {
    input: input("table"),
    file: () => new File(['name,age\n"Doe, Jo",42\nRoe,7\n'], "people.csv"),
  },
  { input: input("file"), file: () => new File([new Uint8Array(2400)], "unknown.bin") },
];

const scan = { input: input("volume"), file: head };

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
