import { z } from "zod";
import { HttpsUrl } from "../primitives.ts";

export const Provenance = z.strictObject({
  origin: HttpsUrl.optional().describe("Where the model was first published."),
  baseModels: z
    .array(z.string().max(200))
    .optional()
    .describe("Models that this one was made from."),
  trainedOn: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200).describe("Name of the data set."),
        url: HttpsUrl.optional(),
        size: z
          .string()
          .max(100)
          .optional()
          .describe("How much of it, such as 1.28 million images."),
        license: z.string().max(200).optional().describe("Terms of the data."),
      }),
    )
    .optional()
    .describe("Data that the model was trained on."),
  training: z
    .strictObject({
      epochs: z.number().min(0).optional().describe("Passes over the data."),
      batchSize: z.number().int().min(1).optional().describe("Samples in a step."),
      optimizer: z.string().max(100).optional().describe("Optimizer."),
      learningRate: z.number().positive().optional().describe("Initial learning rate."),
      loss: z.string().max(100).optional().describe("Loss function."),
      hardware: z.string().max(200).optional().describe("Machine that it ran on."),
      hours: z.number().min(0).optional().describe("Hours that it took."),
      code: HttpsUrl.optional().describe("Where the training code lies."),
    })
    .optional()
    .describe("How the model was trained."),
});
