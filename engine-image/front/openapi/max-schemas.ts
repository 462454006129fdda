import { z } from "zod";

const text = (what: string) => z.string().describe(what);

/** What the routes of the Model Asset Exchange reply. */
export const maxSchemas = {
  MaxMetadata: z
    .object({
      id: text("Id of the model."),
      name: text("Name of the model."),
      description: text("What the model does."),
      type: z.string().optional().describe("What the model is for."),
      source: text("Where the model comes from."),
      license: text("Licence of the code."),
    })
    .describe("The model, in the Model Asset Exchange's words."),
  MaxLabels: z
    .object({
      count: z.number().int().describe("How many there are."),
      labels: z.array(z.object({ id: text("Number of the class."), name: text("Its name.") })),
    })
    .describe("Names of the model's classes."),
  MaxPredictions: z
    .object({
      status: z.literal("ok"),
      predictions: z
        .array(z.record(z.string(), z.unknown()))
        .describe("One entry for each label or box; for each text; or for each other output."),
    })
    .describe("A prediction, in the Model Asset Exchange's words."),
};
