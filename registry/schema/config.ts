import { z } from "zod";
import { Evaluation, Use } from "./config/claims.ts";
import { Input } from "./config/input.ts";
import { Output } from "./config/output.ts";
import { Provenance } from "./config/provenance.ts";
import { Publication } from "./config/publication.ts";
import { Implementation, Resources, Variants } from "./config/run.ts";
import { Sample } from "./config/sample.ts";
import { Weights } from "./config/weights.ts";
import { Id, Person, RelativePath, Spdx, schemaVersion } from "./primitives.ts";

export { Input, Output, Publication, Sample, Weights };

/** `modelhub.json`: the author's truth, in the author's own repository. */
export const Config = z
  .strictObject({
    $schema: z.string().optional().describe("Address of this schema, for editors."),
    schemaVersion,
    id: Id,
    title: z.string().min(1).max(100).describe("Name of the model as people write it."),
    summary: z.string().min(1).max(200).describe("What the model does, in one sentence."),
    description: z
      .string()
      .max(20_000)
      .optional()
      .describe("What a reader should know, in Markdown."),
    task: z
      .enum([
        "image-classification",
        "object-detection",
        "keypoint-detection",
        "segmentation",
        "regression",
        "image-to-image",
        "audio-classification",
        "voice-activity-detection",
        "text-classification",
        "embedding",
        "tabular",
        "other",
      ])
      .describe("What the model is for."),
    domain: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe("Field of application, such as radiology."),
    modality: z
      .array(z.string().min(1).max(60))
      .optional()
      .describe("Kinds of data, such as photograph or CT."),
    tags: z
      .array(z.string().min(1).max(40))
      .max(30)
      .optional()
      .describe("Further words to be found by."),
    authors: z.array(Person).min(1).describe("Who made the model."),
    packagers: z
      .array(Person)
      .optional()
      .describe("Who wrote this folder, where others made the model."),
    licenses: z
      .strictObject({
        code: Spdx.describe("SPDX licence of the code in this folder."),
        weights: Spdx.describe("SPDX licence of the weights."),
        sampleData: Spdx.describe("SPDX licence of the samples."),
      })
      .describe("Three licences, since they often differ."),
    publications: z.array(Publication).optional().describe("Works that describe the model."),
    provenance: Provenance.optional().describe("Where the model comes from."),
    model: Implementation,
    runtime: RelativePath.optional().describe(
      "Folder with the Dockerfile of the runtime image and what it copies. Models with equal folders share the image. Default runtime.",
    ),
    variants: Variants.optional().describe(
      "Further images of the model, each with a runtime of its own.",
    ),
    weights: z.array(Weights).min(1).describe("Trained weights, each a file."),
    inputs: z.array(Input).min(1).describe("What the model takes."),
    outputs: z.array(Output).min(1).describe("What the model gives."),
    samples: z
      .array(Sample)
      .min(1)
      .describe("Samples with expected outputs; the test runs all of them."),
    resources: Resources.optional().describe(
      "What the model needs; the test holds it to these limits.",
    ),
    evaluation: Evaluation.optional().describe("Claimed performance."),
    use: Use.optional().describe("Intended use and its limits."),
  })
  .describe("modelhub.json: what an author says of a model, in the author's own repository.");

export type Config = z.infer<typeof Config>;
