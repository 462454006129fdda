import type { Curated } from "#ci/catalog/curated.ts";

/** Benchmarks, collections and a queue for the test catalog, with figures that nobody measured. */
export function curatedOf(digestOf: (name: string) => string): Curated {
  const measured = {
    schemaVersion: "1",
    data: "0".repeat(64),
    measured: "2026-05-20",
    items: 1000,
  } as const;
  return {
    benchmarks: [
      {
        id: "imagenet",
        folder: "",
        benchmark: {
          schemaVersion: "1",
          title: "ImageNet",
          summary: "Which of a thousand classes a photograph shows.",
          task: "image-classification",
          dataset: {
            name: "ImageNet-1k, validation images",
            names: ["ImageNet (ILSVRC 2012) validation"],
            url: "https://www.image-net.org/",
            license: "for research that is not commercial",
            size: 1000,
          },
          metrics: [
            { name: "top-1 accuracy", measure: "top-1 accuracy" },
            { name: "top-5 accuracy", measure: "top-5 accuracy" },
          ],
          data: { sha256: "0".repeat(64) },
        },
        measurements: [
          {
            ...measured,
            id: "efficientnet-lite0",
            version: "1.1.0",
            image: digestOf("efficientnet-lite0@1.1.0"),
            metrics: [
              { name: "top-1 accuracy", correct: 742, value: 0.742, low: 0.714, high: 0.768 },
            ],
          },
          {
            ...measured,
            id: "squeezenet",
            version: "1.0.0",
            image: digestOf("an earlier image"),
            metrics: [
              { name: "top-1 accuracy", correct: 571, value: 0.571, low: 0.54, high: 0.601 },
            ],
          },
        ],
      },
      {
        id: "letters",
        folder: "",
        benchmark: {
          schemaVersion: "1",
          title: "Letters <b>",
          summary: "Which letter a picture shows.",
          task: "image-classification",
          dataset: { name: "Letters" },
          metrics: [{ name: "accuracy" }],
        },
        measurements: [],
      },
    ],
    collections: [
      {
        id: "first-steps",
        schemaVersion: "1",
        title: "First steps",
        summary: "Small models to begin with.",
        description: "Each runs on **one** core. <script>alert(1)</script>",
        models: ["silero-vad", "efficientnet-lite0"],
      },
    ],
    queue: {
      schemaVersion: "1",
      asked: "2026-05-20T06:00:00Z",
      submissions: [
        {
          number: 7,
          url: "https://github.com/modelhub-registry/modelhub/pull/7",
          title: "Add <i>tiny-net</i>",
          author: "octocat",
          versions: ["tiny-net@1.0.0"],
          opened: "2026-05-17T08:30:00Z",
          state: "mending",
        },
        {
          number: 9,
          url: "https://github.com/modelhub-registry/modelhub/pull/9",
          title: "A new version of Silero VAD",
          author: "somebody-else",
          versions: ["silero-vad@6.3.0"],
          opened: "2026-05-20T05:00:00Z",
          state: "reviewing",
        },
      ],
    },
  };
}
