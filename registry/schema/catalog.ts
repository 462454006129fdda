import { z } from "zod";
import { Config } from "./config.ts";
import { Model, Source } from "./entry.ts";
import { Instance } from "./instance.ts";
import { Lock } from "./lock.ts";
import { Id, Version } from "./primitives.ts";
import { Prediction, Record } from "./record.ts";

/**
 * The static API: `ci` writes it from registry and records, the site and everybody else read it.
 * `api/v1/models.json` is a Catalog; `api/v1/models/<id>/<version>.json` is a CatalogVersion.
 */

export const CatalogSample = z
  .strictObject({
    id: z.string().describe("Id of the sample."),
    title: z.string().describe("What the sample shows."),
    credit: z.string().optional().describe("Whom to thank for it."),
    inputs: z
      .array(
        z.strictObject({
          id: z.string().describe("Id of the input."),
          kind: Config.shape.inputs.element.shape.kind,
          mediaType: z.string().describe("Media type of the file."),
          file: z.string().describe("Address of the file, relative to api/v1/."),
          bytes: z.number().int().describe("Size of the file in bytes."),
        }),
      )
      .describe("Files that go in."),
    outputs: z.array(Prediction).describe("What the image gave in the test."),
    passed: z.boolean().describe("Whether that lies within the declared tolerance."),
  })
  .describe("A sample with the outputs that the pipeline recorded.");

/** What is known of a version once it was built. */
export const Built = z
  .strictObject({
    lock: Lock,
    record: Record,
    image: z.string().describe("Image by digest, as `docker run` takes it."),
    samples: z.array(CatalogSample).describe("Samples with outputs."),
  })
  .describe("The artifacts of a version.");

export const CatalogVersion = z
  .strictObject({
    id: Id,
    version: Version,
    entry: Model,
    source: Source,
    versions: z.array(Version).describe("All versions, newest first."),
    yanked: z.string().optional().describe("Why this version should not be used."),
    built: Built.optional().describe("Absent while the version waits for its first build."),
  })
  .describe("All that a version's page shows.");

export const CatalogCard = z
  .strictObject({
    id: Id,
    version: Version.describe("Newest version that is not yanked."),
    title: z.string().describe("Name of the model."),
    summary: z.string().describe("What it does, in a sentence."),
    state: z.enum(["active", "deprecated"]).describe("Where the model stands."),
    task: z.string().optional().describe("What it is for."),
    domain: z.string().optional().describe("Field of application."),
    architecture: z.string().optional().describe("Architecture."),
    framework: z.string().optional().describe("What runs it."),
    tags: z.array(z.string()).describe("Further words to be found by."),
    authors: z.array(z.string()).describe("Names of the authors."),
    year: z.number().int().optional().describe("Year of its first publication."),
    licenses: Config.shape.licenses.optional(),
    outputs: z.array(z.string()).describe("Types of its outputs."),
    platforms: z.array(z.string()).describe("Platforms that have an image."),
    bytes: z.number().int().optional().describe("What a user pulls, compressed, in bytes."),
    predictSeconds: z.number().optional().describe("Median time of a prediction in the test."),
    peakMemoryBytes: z.number().int().optional().describe("Peak memory in the test."),
    sample: CatalogSample.optional().describe("Its first sample, for a picture of what it does."),
  })
  .describe("One model in the list.");

export const Catalog = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    registry: Instance,
    models: z.array(CatalogCard).describe("All models, by title."),
  })
  .describe("The list of all models.");

export type Catalog = z.infer<typeof Catalog>;
export type CatalogCard = z.infer<typeof CatalogCard>;
export type CatalogSample = z.infer<typeof CatalogSample>;
export type CatalogVersion = z.infer<typeof CatalogVersion>;
export type Built = z.infer<typeof Built>;
