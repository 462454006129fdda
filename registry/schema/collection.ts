import { z } from "zod";
import { Id, schemaVersion } from "./primitives.ts";

/** `registry/collections/<id>.json`: models that belong together for a reason that no search knows. */
export const Collection = z
  .strictObject({
    $schema: z.string().optional().describe("Address of this schema, for editors."),
    schemaVersion,
    title: z.string().min(1).max(100).describe("Name of the collection."),
    summary: z.string().min(1).max(300).describe("What its models have in common."),
    description: z.string().max(5000).optional().describe("More about it, in Markdown."),
    models: z.array(Id).min(1).describe("Ids of its models, in the order to show them."),
  })
  .describe("A collection of models.");

/** `api/v1/collections.json`. */
export const CollectionList = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    collections: z
      .array(z.strictObject({ id: Id, ...Collection.omit({ $schema: true }).shape }))
      .describe("All collections, by title."),
  })
  .describe("Models that were put together by hand.");

export type Collection = z.infer<typeof Collection>;
export type CollectionList = z.infer<typeof CollectionList>;
