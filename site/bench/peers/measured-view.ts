import type { Built } from "#schema/catalog.ts";
import { bytes, seconds } from "#viewers/format.ts";
import type { Section } from "./blocks.ts";

/** What was measured, and what is claimed. */
export function measured({ record }: Built): Section[] {
  const { config, image, reports } = record;
  const figures = (config.evaluation ?? []).flatMap(({ dataset, metrics }) =>
    metrics.map((metric) => ({ dataset, ...metric })),
  );
  return [
    {
      id: "measured",
      title: "Measured",
      note: "By this registry, on the image above, without network.",
      blocks: [
        {
          table: {
            caption: "Measured on each platform",
            columns: ["Platform", "Download", "Start", "Prediction", "Peak memory", "Samples"],
            rows: reports.map((report) => ({
              head: `${report.platform}${report.emulated ? " emulated" : ""}`,
              cells: [
                { text: bytes(image.platforms[report.platform]?.bytes ?? 0) },
                { text: seconds(report.startSeconds) },
                { text: seconds(report.predictSeconds) },
                { text: bytes(report.peakMemoryBytes) },
                { text: `${report.samples.length} of ${report.samples.length} passed` },
              ],
            })),
          },
        },
        {
          kind: "more",
          text: "An emulated platform proves that the image runs; its timings say little.",
        },
        {
          differences: reports.flatMap(({ platform, samples }) =>
            samples.flatMap(({ id, differences }) =>
              differences.map(({ output, message }) => ({
                at: `${id}/${output}`,
                platform,
                message,
              })),
            ),
          ),
        },
      ],
    },
    ...(figures.length > 0
      ? [
          {
            id: "evaluation",
            title: "Performance",
            note: "Figures as the authors state them; this registry has not measured them.",
            blocks: [
              {
                table: {
                  caption: "Claimed",
                  columns: ["Data set", "Metric", "Claimed", "Where"],
                  rows: figures.map(({ dataset, name, value, unit = "", source }) => ({
                    head: dataset,
                    cells: [
                      { text: name },
                      { text: `${value} ${unit}` },
                      source ? { text: new URL(source).hostname, href: source } : { text: "–" },
                    ],
                  })),
                },
              },
            ],
          },
        ]
      : []),
  ];
}
