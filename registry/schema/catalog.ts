import { z } from "zod";
import { Config } from "./config.ts";
import { Model, Source } from "./entry.ts";
import { Instance } from "./instance.ts";
import { Lock } from "./lock.ts";
import { Id, Sha256, Version } from "./primitives.ts";
import { Prediction, Record } from "./record.ts";
import { Scan } from "./scan.ts";
import { PastTest } from "./tests.ts";

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

/** Files with which a page runs the model itself, without a server. */
export const BrowserFiles = z
  .strictObject({
    weights: z
      .strictObject({
        file: z.string().describe("Address of the ONNX file, relative to api/v1/."),
        sha256: Sha256.describe("SHA-256 of the file."),
        bytes: z.number().int().describe("Size of the file in bytes."),
      })
      .describe("The network."),
    texts: z
      .record(z.string(), z.string())
      .describe("Addresses of the texts that operations read, by their path in the folder."),
  })
  .describe("What a browser needs to run the model by itself.");

/** What is known of a version once it was built. */
export const Built = z
  .strictObject({
    lock: Lock,
    record: Record,
    image: z.string().describe("Image by digest, as `docker run` takes it."),
    samples: z.array(CatalogSample).describe("Samples with outputs."),
    browser: BrowserFiles.optional().describe("Set where browsers can run the model."),
    history: z
      .array(PastTest)
      .optional()
      .describe("Tests before and after the one in the record, the newest first; absent: none."),
    scan: Scan.optional().describe("Known vulnerabilities; absent where nobody has looked yet."),
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
    published: z.string().optional().describe("When the version was registered, as ISO 8601."),
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
    modality: z.array(z.string()).optional().describe("Kinds of data that it takes."),
    parameters: z.number().int().optional().describe("Number of trained parameters."),
    isInBrowser: z
      .boolean()
      .optional()
      .describe("Whether a browser can run it by itself; absent while it waits for its build."),
    isOnGpu: z
      .boolean()
      .optional()
      .describe("Whether it has an image for a GPU; absent while it waits for its build."),
    isCommercial: z
      .boolean()
      .optional()
      .describe("Whether the licences of code and weights allow commercial use."),
    metrics: z
      .array(
        z.strictObject({
          name: z.string().describe("Name of the metric."),
          value: z.number().describe("Its value."),
          unit: z.string().optional().describe("Its unit."),
          dataset: z.string().describe("Data set and split."),
        }),
      )
      .optional()
      .describe("Figures that its authors claim."),
    published: z.string().optional().describe("When the version was registered, as ISO 8601."),
    sample: CatalogSample.optional().describe("Its first sample, for a picture of what it does."),
  })
  .describe("One model in the list.");

/** `api/v1/search/index.json`; the shards hold the cards without what only pictures need. */
export const SearchIndex = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    count: z.number().int().describe("Number of models in all shards."),
    shards: z.array(z.string()).describe("Addresses of the shards, relative to api/v1/."),
  })
  .describe("Where the searchable facts of all models lie.");

export const SearchShard = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    models: z
      .array(CatalogCard.omit({ sample: true, summary: true }))
      .describe("Models, by title."),
    summaries: z
      .array(z.string())
      .describe("What each does, in a sentence. Side by side they compress to half."),
  })
  .describe("A part of the searchable facts.");

export const Catalog = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    registry: Instance,
    models: z.array(CatalogCard).describe("All models, by title."),
  })
  .describe("The list of all models.");

export type Catalog = z.infer<typeof Catalog>;
export type SearchIndex = z.infer<typeof SearchIndex>;
export type SearchShard = z.infer<typeof SearchShard>;
export type CatalogCard = z.infer<typeof CatalogCard>;
export type CatalogSample = z.infer<typeof CatalogSample>;
export type CatalogVersion = z.infer<typeof CatalogVersion>;
export type BrowserFiles = z.infer<typeof BrowserFiles>;
export type Built = z.infer<typeof Built>;
