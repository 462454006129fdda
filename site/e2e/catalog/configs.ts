import type { Config } from "#schema/config.ts";
import { classifier } from "./configs/classifier.ts";
import { omit } from "./configs/omit.ts";

/** What the authors of the test catalog's models say of them. */

export { classifier } from "./configs/classifier.ts";
export { hostile } from "./configs/hostile.ts";
export { long } from "./configs/long.ts";
export { voice } from "./configs/voice.ts";

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
