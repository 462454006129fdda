import { gzipSync } from "node:zlib";
import type { Prediction } from "#schema/record.ts";

/** What the models of the test catalog gave. */

export const labels = (name: string, list: [string, number][]): Prediction => ({
  name,
  type: "label_list",
  shape: [list.length],
  prediction: list.map(([label, probability]) => ({ label, probability })),
});

export const vector = (name: string, shape: number[], numbers: number[]): Prediction => ({
  name,
  type: "vector",
  shape,
  prediction: [numbers],
});

/** A quarter of the cells' picture, as a report keeps it. */
export function keptMask(name: string): Prediction {
  const [width, height] = [320, 240];
  const mask = Buffer.from(
    Array.from({ length: width * height }, (_, at) =>
      at % width < width / 2 && at < (width * height) / 2 ? 1 : 0,
    ),
  );
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
  const file = gzipSync(Buffer.concat([start, Buffer.from(padded), mask]));
  return {
    name,
    type: "mask",
    shape: [height, width],
    axes: ["y", "x"],
    labels: { "1": "cytoplasm <b>" },
    mediaType: "application/x-npy+gzip",
    prediction: `data:application/x-npy+gzip;base64,${file.toString("base64")}`,
  };
}
