import { z } from "zod";
import { HttpsUrl } from "../primitives.ts";

/** What the author claims of the model, and what it is meant for. */

const Metric = z
  .strictObject({
    name: z.string().min(1).max(60).describe("Name of the metric, such as top-1 accuracy."),
    value: z.number().describe("Its value."),
    unit: z.string().max(20).optional().describe("Its unit, such as %."),
    source: HttpsUrl.optional().describe("Where the value is claimed."),
  })
  .describe("A claimed figure.");

export const Evaluation = z.array(
  z.strictObject({
    dataset: z.string().min(1).max(200).describe("Data set and split."),
    metrics: z.array(Metric).min(1).describe("Claimed figures."),
  }),
);

export const Use = z.strictObject({
  intended: z.string().min(1).max(2000).describe("What the model is meant for."),
  outOfScope: z.string().max(2000).optional().describe("What it must not be used for."),
  limitations: z.string().max(2000).optional().describe("Where it is known to fail."),
  notForClinicalUse: z.boolean().optional().describe("True: it is no medical device."),
});
