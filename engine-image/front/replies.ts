import { z } from "zod";
import { Axis, DataType } from "#schema/primitives.ts";
import { Prediction } from "#schema/record.ts";

/** The shapes of the replies. /openapi.json is made from them; no request is parsed with them. */

const text = (what: string) => z.string().describe(what);
const orNull = (what: string) => z.string().nullable().describe(what);

export const Envelope = z
  .object({
    output: z.array(Prediction).describe("One entry for each output of the model."),
    timestamp: z.iso.datetime().describe("When the prediction was made."),
    processing_time: z.number().describe("Seconds that the model's side took."),
    model: z
      .object({
        id: text("Id of the model."),
        name: text("Name of the model."),
        version: orNull("Version; null outside an image."),
        revision: orNull("Commit of the model's source; null outside an image."),
        weights: z.record(z.string(), z.string()).describe("SHA-256 of each weights file, by id."),
        engine: text("Version of the engine."),
        deterministic: z
          .boolean()
          .describe("Whether it ran with one seed and one thread, to give the same bytes again."),
      })
      .describe("What made the prediction, to the byte."),
    request_id: z.uuid().describe("Id of this request; the header X-Request-Id has it too."),
  })
  .describe("A prediction.");

export const Problem = z
  .object({
    type: text("URI of the kind of problem."),
    code: text("The kind of problem, for programs."),
    title: text("The kind of problem, for people."),
    status: z.number().int().describe("HTTP status."),
    detail: text("What was expected, what came, and what to do."),
    instance: text("URI of this request."),
    errors: z
      .array(z.object({ detail: z.string(), pointer: z.string().optional() }))
      .optional()
      .describe("Each thing that is wrong, where there are several."),
    error: text("The detail again, for clients of earlier engines."),
  })
  .describe("A problem, as RFC 9457 defines it.");

export const SampleAddresses = z
  .array(z.url())
  .describe("Addresses of the samples' files, as the published engine lists them.");

export const SampleList = z
  .object({
    samples: z.array(
      z.object({
        id: text("Id, which /api/predict_sample takes."),
        title: text("What the sample shows."),
        inputs: z.record(z.string(), z.string()).describe("Path of the file for each input."),
      }),
    ),
  })
  .describe("The model's samples.");

export const Legal = z
  .object({
    code: text("SPDX licence of the code."),
    weights: text("SPDX licence of the weights."),
    sampleData: text("SPDX licence of the samples."),
    texts: z
      .array(z.object({ file: z.string(), text: z.string() }))
      .describe("Licence texts that lie in the model's folder."),
    modelhub_license: text("Licence of the engine."),
    modelhub_acknowledgements: text("What the engine contains."),
    model_license: text("Licence of the model, its text where there is one."),
    sample_data_license: text("Licence of the samples, its text where there is one."),
  })
  .describe("Licences.");

export const ModelIo = z
  .object({
    inputs: z
      .array(
        z.looseObject({
          id: text("Name of the input, and of its multipart field."),
          mediaTypes: z.array(z.string()).describe("Accepted media types."),
          axes: z.array(Axis).describe("Axes of the array."),
          dtype: DataType,
        }),
      )
      .describe("What the model takes."),
    outputs: z
      .array(z.looseObject({ id: text("Name of the output."), type: text("Type of the output.") }))
      .describe("What the model gives."),
    input: z
      .record(z.string(), z.unknown())
      .describe("The inputs in the words of the published engine: format, dim_limits."),
    output: z
      .array(z.object({ name: z.string(), type: z.string(), description: z.string() }))
      .describe("The outputs in the words of the published engine."),
  })
  .describe("Inputs and outputs, as the model's config has them.");

export const Ready = z
  .object({
    status: z.literal("ready"),
    model: z.object({ id: text("Id."), version: orNull("Version; null outside an image.") }),
    engine: text("Version of the engine."),
    python: text("Version of the image's Python."),
    load_seconds: z.number().describe("Seconds that the model took to load."),
  })
  .describe("The model is loaded and would predict.");

export const Live = z.object({ status: z.literal("live") }).describe("The server runs.");
