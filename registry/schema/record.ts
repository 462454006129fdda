import { z } from "zod";
import { Config } from "./config.ts";
import { Network } from "./network.ts";
import {
  DataType,
  Digest,
  Id,
  Platform,
  RelativePath,
  Sha256,
  schemaVersion,
  Unbuilt,
  Variant,
  Version,
} from "./primitives.ts";
import { longestHistory, measured, PastTest, where } from "./tests.ts";

/** The record: all that was measured. Large, so it lives in the OCI registry as a referrer of the image. */

const seconds = (what: string) => z.number().min(0).describe(`${what}, in seconds.`);
const bytes = (what: string) => z.number().int().min(0).describe(`${what}, in bytes.`);

const coordinates = z.array(z.number()).min(2).max(3);
const pixels = "x, y and maybe z, in pixels of the input.";
/** Where the bytes of an output are: in the text itself, or on the server that replied. */
export const Address = z.string().regex(/^(data:[a-z]|\/api\/output\/)/);

const described = {
  name: z.string().describe("Id of the output."),
  description: z.string().optional().describe("How to read the output."),
  unit: z.string().optional().describe("Unit or meaning of the numbers."),
  shape: z
    .array(z.number().int().min(0))
    .describe("Size of each axis, or the number of entries; empty for text and custom."),
};

const ofArray = {
  ...described,
  dtype: DataType.optional().describe("Type of the elements."),
  axes: z.array(z.string()).optional().describe("Names of the axes."),
  labels: z.record(z.string(), z.string()).optional().describe("What each value of a mask is."),
  spacing: z
    .array(z.number())
    .optional()
    .describe("Distance of neighbours along x, y and maybe z, in mm."),
  origin: z
    .array(z.number())
    .optional()
    .describe("Place of the first element, in mm, towards the patient's left, back and head."),
  direction: z
    .array(z.number())
    .optional()
    .describe("Cosines of the directions of x, y and maybe z: a square matrix, row by row."),
  mediaType: z
    .string()
    .optional()
    .describe("Set where the prediction is an address: media type of what lies there."),
};

function output<Type extends string, Value extends z.ZodType>(type: Type, prediction: Value) {
  return z.strictObject({
    ...described,
    type: z.literal(type).describe("Type of the output."),
    prediction,
  });
}

/** One output as the engine's replies carry it. */
export const Prediction = z
  .discriminatedUnion("type", [
    output(
      "label_list",
      z
        .array(
          z.strictObject({
            label: z.string().describe("Label."),
            probability: z.number().describe("Its probability, 0 to 1."),
          }),
        )
        .describe("Labels, likeliest first."),
    ),
    z.strictObject({
      ...ofArray,
      type: z.enum(["vector", "mask", "heatmap"]).describe("Type of the output."),
      prediction: z
        .union([z.array(z.unknown()), z.number(), Address])
        .describe("Numbers, nested by axis; where they are many, the address of a file."),
    }),
    z.strictObject({
      ...ofArray,
      type: z.literal("image").describe("Type of the output."),
      prediction: Address.describe("Address of the picture; a small one is a data: address."),
    }),
    output(
      "bounding_boxes",
      z
        .array(
          z.strictObject({
            label: z.string().describe("What is in the box."),
            score: z.number().describe("How sure the model is, 0 to 1."),
            box: z
              .array(z.number())
              .length(4)
              .describe("xmin, ymin, xmax, ymax, in pixels of the input."),
          }),
        )
        .describe("Boxes, surest first."),
    ),
    output(
      "keypoints",
      z
        .array(
          z.strictObject({
            name: z.string().describe("Name of the point."),
            score: z.number().optional().describe("How sure the model is, 0 to 1."),
            point: coordinates.describe(pixels),
            instance: z
              .number()
              .int()
              .min(0)
              .optional()
              .describe("Which of several things it is of."),
          }),
        )
        .describe("Points."),
    ),
    output(
      "contour",
      z
        .array(
          z.strictObject({
            label: z.string().optional().describe("What it is the outline of."),
            points: z.array(coordinates.describe(pixels)).describe("Points, in order."),
            closed: z.boolean().describe("Whether the last point is joined to the first."),
          }),
        )
        .describe("Outlines."),
    ),
    output("text", z.string().describe("The text.")),
    output(
      "table",
      z
        .strictObject({
          columns: z.array(z.string()).describe("Names of the columns."),
          rows: z.array(z.array(z.unknown())).describe("Values, a list for each row."),
        })
        .describe("A table."),
    ),
    output(
      "custom",
      z.unknown().describe("A value of the model's own kind; its schema is the config's."),
    ),
  ])
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
    ...where,
    passed: z.boolean().describe("Whether every sample passed."),
    ...measured,
    samples: z.array(SampleResult).describe("Every sample."),
  })
  .describe("What the test saw on one platform.");

const Image = z
  .strictObject({
    digest: Digest,
    platforms: z
      .partialRecord(
        Platform,
        z.strictObject({ digest: Digest, bytes: bytes("What a user pulls, compressed") }),
      )
      .describe("Each platform's image."),
    unbuilt: Unbuilt.optional(),
  })
  .describe("A deployment image.");

export const Record = z
  .strictObject({
    schemaVersion,
    id: Id,
    version: Version,
    engineVersion: Version,
    image: Image,
    config: Config.describe("The author's config, as built."),
    weights: z
      .array(
        z.strictObject({
          id: z.string().describe("Id of the weights."),
          file: z.string().describe("Name of the file."),
          sha256: Sha256,
          bytes: bytes("Size of the file"),
          network: Network.optional(),
          unread: z.string().optional().describe("Why nothing was read out of the file."),
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
    variants: z
      .partialRecord(
        Variant,
        z.strictObject({
          image: Image,
          reports: z.array(Report).min(1).describe("The test of the variant on each platform."),
        }),
      )
      .optional()
      .describe("The model's further images."),
    earlier: z
      .array(PastTest)
      .max(longestHistory)
      .optional()
      .describe(
        "Tests in the records before this one, such as on an earlier engine, the newest first.",
      ),
  })
  .describe("record: what the pipeline measured of one version.");

export type Prediction = z.infer<typeof Prediction>;
export type SampleResult = z.infer<typeof SampleResult>;
export type Report = z.infer<typeof Report>;
export type Record = z.infer<typeof Record>;
