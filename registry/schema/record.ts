import { z } from "zod";
import { Config } from "./config.ts";
import {
  Digest,
  Id,
  Platform,
  RelativePath,
  Sha256,
  schemaVersion,
  Version,
} from "./primitives.ts";

/** The record: all that was measured. Large, so it lives in the OCI registry as a referrer of the image. */

const seconds = (what: string) => z.number().min(0).describe(`${what}, in seconds.`);
const bytes = (what: string) => z.number().int().min(0).describe(`${what}, in bytes.`);

/** One output as the engine's replies carry it. */
export const Prediction = z
  .strictObject({
    name: z.string().describe("Id of the output."),
    type: z.enum(["label_list", "vector"]).describe("Type of the output."),
    description: z.string().optional().describe("How to read the output."),
    shape: z.array(z.number().int().min(0)).describe("Size of each axis."),
    prediction: z
      .union([
        z.array(
          z.strictObject({
            label: z.string().describe("Label."),
            probability: z.number().describe("Its probability, 0 to 1."),
          }),
        ),
        z.array(z.unknown()),
      ])
      .describe("label_list: labels, likeliest first. vector: numbers, nested by axis."),
  })
  .describe("One output of a prediction.");

export const SampleResult = z
  .strictObject({
    id: z.string().describe("Id of the sample."),
    passed: z.boolean().describe("Whether every output lies within its tolerance."),
    seconds: seconds("Time of the prediction as the engine reports it"),
    outputs: z.array(Prediction).describe("What the model gave."),
    differences: z
      .array(
        z.strictObject({
          output: z.string().describe("Id of the output."),
          passed: z.boolean().describe("Whether it lies within its tolerance."),
          message: z.string().describe("What was expected, what came, and by how much it differs."),
        }),
      )
      .describe("How each output compares with the expected one."),
  })
  .describe("One sample, run in the sandbox.");

export const Report = z
  .strictObject({
    platform: Platform,
    emulated: z.boolean().describe("Whether the platform was emulated; timings say little then."),
    passed: z.boolean().describe("Whether every sample passed."),
    startSeconds: seconds("From `docker run` to ready"),
    predictSeconds: seconds("Median time of a prediction"),
    peakMemoryBytes: bytes("Peak memory of the container"),
    samples: z.array(SampleResult).describe("Every sample."),
  })
  .describe("What the test saw on one platform.");

export const Record = z
  .strictObject({
    schemaVersion,
    id: Id,
    version: Version,
    engineVersion: Version,
    image: z
      .strictObject({
        digest: Digest,
        platforms: z
          .partialRecord(
            Platform,
            z.strictObject({
              digest: Digest,
              bytes: bytes("What a user pulls, compressed"),
            }),
          )
          .describe("Each platform's image."),
      })
      .describe("The deployment image."),
    config: Config.describe("The author's config, as built."),
    weights: z
      .array(
        z.strictObject({
          id: z.string().describe("Id of the weights."),
          file: z.string().describe("Name of the file."),
          sha256: Sha256,
          bytes: bytes("Size of the file"),
        }),
      )
      .describe("Weights files as they are in the image."),
    files: z
      .array(
        z.strictObject({
          path: RelativePath,
          sha256: Sha256,
          bytes: bytes("Size of the file"),
        }),
      )
      .describe("Files of the contributor's folder."),
    reports: z.array(Report).min(1).describe("The test on each platform."),
  })
  .describe("record: what the pipeline measured of one version.");

export type Prediction = z.infer<typeof Prediction>;
export type SampleResult = z.infer<typeof SampleResult>;
export type Report = z.infer<typeof Report>;
export type Record = z.infer<typeof Record>;
