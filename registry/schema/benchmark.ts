import { z } from "zod";
import { Config } from "./config.ts";
import {
  Digest,
  HttpsUrl,
  Id,
  RelativePath,
  Sha256,
  schemaVersion,
  Version,
} from "./primitives.ts";

/** Benchmarks: what authors claim, and what this registry measured, on the same data. */

const name = z.string().min(1).max(200);

/** What the registry measures by itself. */
const measurable = ["top-1 accuracy", "top-5 accuracy"] as const;

export const BenchmarkMetric = z
  .strictObject({
    name: z.string().min(1).max(60).describe("Name of the metric, such as top-1 accuracy."),
    names: z.array(name).optional().describe("Other names by which configs state it."),
    measure: z
      .enum(measurable)
      .optional()
      .describe("How the registry measures it. Absent: only claims are shown."),
  })
  .describe("A figure, as a share from 0 to 1: higher is better.");

/** `registry/benchmarks/<id>/benchmark.json`. */
export const Benchmark = z
  .strictObject({
    $schema: z.string().optional().describe("Address of this schema, for editors."),
    schemaVersion,
    title: z.string().min(1).max(100).describe("Name of the benchmark."),
    summary: z.string().min(1).max(300).describe("What it asks of a model, in a sentence."),
    task: Config.shape.task,
    dataset: z
      .strictObject({
        name: name.describe("Data set and split."),
        names: z.array(name).optional().describe("Other names by which configs state it."),
        url: HttpsUrl.optional(),
        license: z.string().max(200).optional().describe("Terms of the data."),
        size: z.number().int().min(1).optional().describe("Number of labelled items."),
      })
      .describe("What models are held against."),
    metrics: z.array(BenchmarkMetric).min(1).describe("Figures that it compares."),
    data: z
      .strictObject({
        path: RelativePath.optional().describe(
          "The archive, beside this file. Absent: it may not be passed on, and whoever measures has it.",
        ),
        sha256: Sha256.describe("SHA-256 of the archive."),
      })
      .optional()
      .describe(
        "A tar archive with labels.csv (columns file and label) and the files. Absent: only claims are shown.",
      ),
  })
  .describe("benchmark.json: a data set with its figures.");

const MeasuredMetric = z
  .strictObject({
    name: z.string().describe("Name of the metric."),
    correct: z.number().int().min(0).describe("Number of items that were right."),
    value: z.number().min(0).max(1).describe("Share of them."),
    low: z.number().min(0).max(1).describe("Lower end of the 95 % interval, after Wilson."),
    high: z.number().min(0).max(1).describe("Upper end of the 95 % interval, after Wilson."),
  })
  .describe("One figure as measured.");

/** `registry/benchmarks/<id>/results/<model>@<version>.json`, written by `modelhub benchmark`. */
export const Measurement = z
  .strictObject({
    schemaVersion,
    id: Id,
    version: Version,
    image: Digest.describe("Digest of the image that ran."),
    data: Sha256.describe("SHA-256 of the archive that it ran on."),
    measured: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .describe("Day, as 2026-01-31."),
    items: z.number().int().min(1).describe("Number of labelled items."),
    metrics: z.array(MeasuredMetric).min(1).describe("What came out."),
  })
  .describe("A model's figures on a benchmark, as this registry measured them.");

export const BenchmarkRow = z
  .strictObject({
    id: Id,
    version: Version,
    title: z.string().describe("Name of the model."),
    metric: z.string().describe("Name of the metric."),
    claimed: z
      .strictObject({
        value: z.number().describe("The share that its authors claim."),
        source: HttpsUrl.optional().describe("Where."),
      })
      .optional()
      .describe("What the authors claim."),
    measured: z
      .strictObject({
        ...MeasuredMetric.omit({ name: true }).shape,
        items: Measurement.shape.items,
        measured: Measurement.shape.measured,
        image: Measurement.shape.image,
        isCurrent: z.boolean().describe("Whether it ran on the image that the version has now."),
      })
      .optional()
      .describe("What this registry measured."),
  })
  .describe("One figure of one model.");

/** `api/v1/benchmarks.json`. */
export const BenchmarkList = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    benchmarks: z
      .array(
        z.strictObject({
          id: Id,
          benchmark: Benchmark,
          rows: z.array(BenchmarkRow).describe("The newest version of each model."),
        }),
      )
      .describe("All benchmarks, by title."),
  })
  .describe("Figures that models claim and that were measured.");

export type Benchmark = z.infer<typeof Benchmark>;
export type BenchmarkMetric = z.infer<typeof BenchmarkMetric>;
export type Measurement = z.infer<typeof Measurement>;
export type BenchmarkRow = z.infer<typeof BenchmarkRow>;
export type BenchmarkList = z.infer<typeof BenchmarkList>;
