import type { Reading } from "#ci/network/read.ts";
import type { Config } from "#schema/config.ts";
import type { Model } from "#schema/entry.ts";
import type { Prediction } from "#schema/record.ts";
import type { Scan } from "#schema/scan.ts";
import type { Machine, PastTest } from "#schema/tests.ts";
import { efficientNetLite0, squeezeNet } from "../networks.ts";
import { classifier, deprecated, hostile, long, unbuilt, voice } from "./configs.ts";
import { type InputFile, picture, sound } from "./inputs.ts";
import { keptMask, labels, vector } from "./outputs.ts";

/** One model for each state that a page can be in. */

export interface Sketch {
  config: Config;
  versions: string[];
  yanked?: Model["yanked"];
  removed?: Model["removed"];
  status?: Model["status"];
  /** By sample id. Absent: nothing was built yet. */
  results?: { [sample: string]: { input: InputFile; outputs: Prediction[] } };
  bytes?: number;
  predictSeconds?: number;
  /** What was read out of its weights. */
  reading?: Reading;
  /** When its newest version was tested, and what is known of other tests; absent where nobody noted it. */
  tests?: {
    tested: string;
    machine: Machine;
    history: Omit<PastTest, "image">[];
  };
  /** What a scan of its newest version found; absent where nobody has looked yet. */
  scan?: Pick<Scan, "counts" | "findings">;
}

const machine: Machine = {
  processor: "AMD EPYC 7763 64-Core Processor",
  cpus: 2,
  memoryBytes: 2_147_483_648,
};

export const sketches: Sketch[] = [
  {
    config: classifier,
    reading: { network: efficientNetLite0() },
    tests: {
      tested: "2026-05-17",
      machine,
      history: [
        {
          engineVersion: "0.1.0",
          tested: "2026-06-02",
          platform: "linux/amd64",
          machine,
          emulated: false,
          passed: true,
          startSeconds: 0.91,
          predictSeconds: 0.0151,
          peakMemoryBytes: 214_000_000,
        },
        {
          engineVersion: "0.0.9",
          platform: "linux/amd64",
          emulated: false,
          passed: false,
        },
      ],
    },
    scan: {
      counts: { critical: 0, high: 1, medium: 0, low: 0, unknown: 1 },
      findings: [
        {
          id: "GHSA-2xpw-w6gg-jr37",
          aliases: ["CVE-2025-66471"],
          severity: "high",
          summary: "urllib3 streaming API improperly handles highly compressed data",
          package: "urllib3",
          version: "2.5.0",
          purl: "pkg:pypi/urllib3@2.5.0",
          fixed: ["2.6.0"],
        },
        {
          id: "PYSEC-2023-175",
          aliases: [],
          severity: "unknown",
          package: "pillow",
          version: "9.5.0",
          purl: "pkg:pypi/pillow@9.5.0",
          fixed: ["10.0.1"],
        },
      ],
    },
    versions: ["1.1.0", "1.0.2", "1.0.1", "1.0.0", "0.9.0"],
    yanked: {
      "1.0.1": {
        reason: "Reads the colour channels in the wrong order.",
        since: "2026-03-02",
        successor: "1.0.2",
      },
    },
    removed: { "0.9.0": { reason: "A password was in its folder.", since: "2026-02-11" } },
    results: {
      coffee: {
        input: picture("coffee.jpg"),
        outputs: [
          labels("classes", [
            ["espresso", 0.9612],
            ["cup", 0.0214],
            ["coffee mug", 0.0081],
            ["eggnog", 0.0026],
            ["chocolate sauce", 0.00043],
            ["consomme", 0.0001],
          ]),
        ],
      },
      leaf: {
        input: picture("leaf.jpg"),
        outputs: [
          labels("classes", [
            ["leaf beetle", 0.4105],
            ["buckeye", 0.2277],
            ["lacewing", 0.0904],
            ["head cabbage", 0.0312],
            ["cucumber", 0.0105],
          ]),
        ],
      },
    },
  },
  {
    config: voice,
    versions: ["6.2.3"],
    bytes: 141_200_000,
    predictSeconds: 0.0081,
    results: {
      words: {
        input: sound(),
        outputs: [
          vector(
            "speech",
            [1, 31],
            Array.from({ length: 31 }, (_, at) => {
              const t = at / 31;
              const isWord = (t > 0.18 && t < 0.42) || (t > 0.56 && t < 0.88);
              return Number(
                (isWord ? 0.96 - ((at * 7) % 5) / 60 : 0.02 + ((at * 3) % 4) / 50).toFixed(4),
              );
            }),
          ),
        ],
      },
    },
  },
  {
    config: hostile,
    versions: ["0.1.0-beta.1"],
    results: {
      nuclei: {
        input: picture("cells.jpg"),
        outputs: [
          labels("classes", [
            ["interphase <b>", 0.7031],
            ["prophase", 0.2003],
            ["metaphase", 0.0966],
          ]),
          {
            name: "cells",
            type: "table",
            shape: [2],
            prediction: {
              columns: ["cell", "area <b>"],
              rows: [
                [1, 120.51234],
                [2, null],
              ],
            },
          },
          { name: "remark", type: "text", shape: [], prediction: "Two cells <b>divide</b>." },
          { name: "lineage", type: "custom", shape: [], prediction: { parents: [1] } },
          {
            name: "stained",
            type: "image",
            shape: [1, 1, 3],
            prediction:
              "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
          },
          {
            name: "nuclei",
            type: "mask",
            shape: [240, 320],
            prediction: "/api/output/0/nuclei.h5",
          },
          keptMask("cytoplasm"),
          {
            name: "found",
            type: "bounding_boxes",
            shape: [1],
            prediction: [{ label: "cell", score: 0.9, box: [1, 2, 3, 4] }],
          },
        ],
      },
    },
  },
  {
    config: long,
    reading: { unread: "Files of the format torchscript are not read." },
    versions: ["2.0.0"],
    tests: {
      tested: "2026-05-17",
      machine,
      history: [
        {
          engineVersion: "0.1.0",
          tested: "2026-06-03",
          platform: "linux/amd64",
          emulated: false,
          passed: false,
        },
      ],
    },
    bytes: 2_400_000_000,
    predictSeconds: 3.42,
    results: {
      leaf: {
        input: picture("leaf.jpg"),
        outputs: [
          vector(
            "embedding",
            [1, 768],
            Array.from({ length: 768 }, (_, at) =>
              Number((Math.sin(at * 12.9898) * Math.cos(at * 4.1414) * 0.09).toFixed(5)),
            ),
          ),
        ],
      },
    },
  },
  {
    config: deprecated,
    reading: { network: squeezeNet() },
    versions: ["1.0.0"],
    status: {
      state: "deprecated",
      reason: "A newer network of the same size is right more often.",
      successor: "efficientnet-lite0",
    },
    results: {
      coffee: {
        input: picture("coffee.jpg"),
        outputs: [
          labels("classes", [
            ["espresso", 0.7402],
            ["cup", 0.1611],
            ["coffee mug", 0.0655],
          ]),
        ],
      },
    },
  },
  { config: unbuilt, versions: ["0.1.0"] },
];
