import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const shape = z.array(z.number().int()).describe("Size of each axis; -1 where it may vary.");
const tensor = z.object({ name: text("Name."), datatype: text("Type of the elements."), shape });
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional();

/** What the Open Inference Protocol replies. */
export const inferenceSchemas = {
  InferenceServer: z
    .object({
      name: text("Name of the server."),
      version: text("Version of the engine."),
      extensions: z.array(z.string()).describe("Extensions of the protocol."),
    })
    .describe("The server, in the Open Inference Protocol's words."),
  InferenceLive: z.object({ live: z.literal(true) }).describe("The server runs."),
  InferenceReady: z
    .object({ live: z.literal(true), ready: z.literal(true) })
    .describe("The server would predict."),
  InferenceModel: z
    .object({
      name: text("Id of the model."),
      versions: z.array(z.string()).describe("The one version that there is."),
      platform: text("What runs the model."),
      inputs: z.array(tensor).describe("Inputs; those that come as files are BYTES."),
      outputs: z.array(tensor).describe("Outputs; those that are no arrays are BYTES."),
    })
    .describe("The model, in the Open Inference Protocol's words."),
  InferenceModelReady: z
    .object({ name: text("Id of the model."), ready: z.literal(true) })
    .describe("The model would predict."),
  InferenceReply: z
    .object({
      model_name: text("Id of the model."),
      model_version: text("Version of the model."),
      id: z.string().optional().describe("The request's id, where it has one."),
      outputs: z.array(
        tensor.extend({
          parameters,
          data: z
            .array(z.union([z.number(), z.boolean(), z.string(), z.null()]))
            .optional()
            .describe("Elements; absent where they come in binary, after the JSON."),
        }),
      ),
    })
    .describe("Outputs as tensors."),
};
