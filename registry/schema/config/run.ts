import { z } from "zod";
import { RelativePath, Variant } from "../primitives.ts";

/** What runs the model: its code, further runtimes, and what it needs of a machine. */

export const Implementation = z
  .strictObject({
    architecture: z.string().min(1).max(100).describe("Architecture, such as EfficientNet-Lite0."),
    framework: z.string().min(1).max(60).describe("What runs it, such as ONNX Runtime."),
    entrypoint: RelativePath.optional().describe(
      "Python file with load and infer. Default model.py; without that file, ONNX Runtime runs the weights between the named operations.",
    ),
    batch: z
      .strictObject({
        maxSize: z.number().int().min(2).max(1024).describe("Most predictions at once."),
        maxDelayMs: z
          .number()
          .min(0)
          .max(1000)
          .optional()
          .describe("Longest wait for more of them, in milliseconds. Default 2."),
      })
      .optional()
      .describe("Set where the model has infer_batch: requests that wait are run together."),
  })
  .describe("The network and the code that runs it.");

export const Variants = z.partialRecord(
  Variant,
  z.strictObject({
    runtime: RelativePath.describe("Folder with the Dockerfile of the variant's runtime image."),
  }),
);

export const Resources = z.strictObject({
  memoryMB: z
    .number()
    .int()
    .min(16)
    .max(1_048_576)
    .optional()
    .describe("Memory that the model needs. Default 2048."),
  cpus: z.number().min(0.1).max(256).optional().describe("Cores that it makes use of. Default 2."),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe("Longest time for one prediction. Default 120."),
});
