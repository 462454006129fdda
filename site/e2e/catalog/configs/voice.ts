import type { Config } from "#schema/config.ts";
import { classifier } from "./classifier.ts";
import { omit } from "./omit.ts";

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
