import type { Config } from "#schema/config.ts";
import { classifier } from "./classifier.ts";
import { omit } from "./omit.ts";

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
