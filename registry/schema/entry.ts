import { z } from "zod";
import {
  Day,
  HttpsUrl,
  Id,
  RelativePath,
  Revision,
  Sha256,
  schemaVersion,
  Version,
} from "./primitives.ts";

/** The entry: two small files that a human reviews in a minute. */

const $schema = z.string().optional().describe("Address of this schema, for editors.");

/** `model.json` changes slowly: who answers for the model, and where it stands. */
export const Model = z
  .strictObject({
    $schema,
    schemaVersion,
    title: z.string().min(1).max(100).describe("Name of the model as people write it."),
    repository: HttpsUrl.describe("Git repository of the contributor."),
    maintainers: z
      .array(
        z.strictObject({
          github: z
            .string()
            .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/)
            .describe("Account on GitHub."),
        }),
      )
      .min(1)
      .describe("Who may change the entry."),
    status: z
      .discriminatedUnion("state", [
        z.strictObject({ state: z.literal("active").describe("In use.") }),
        z.strictObject({
          state: z.literal("deprecated").describe("Still pulled, no longer advised."),
          reason: z.string().min(1).max(500).describe("Why."),
          successor: Id.optional(),
        }),
      ])
      .optional()
      .describe("Where the model stands. Default active."),
    yanked: z
      .record(
        Version,
        z.strictObject({
          reason: z.string().min(1).max(500).describe("Why nobody should use it."),
          since: Day,
          successor: Version.optional().describe("The version to use instead."),
        }),
      )
      .optional()
      .describe("Bad versions: hidden, never removed; their digests stay pullable."),
    removed: z
      .record(
        Version,
        z.strictObject({
          reason: z.string().min(1).max(500).describe("Why it had to go."),
          since: Day,
        }),
      )
      .optional()
      .describe(
        "Versions whose images were deleted, for the law, malware or a leaked secret only; the entry stays as a tombstone.",
      ),
  })
  .describe("model.json: the slow part of an entry.");

/** `source.json` is frozen: one version, one commit, for ever. */
export const Source = z
  .strictObject({
    $schema,
    schemaVersion,
    repository: HttpsUrl.describe("Git repository that holds the source."),
    revision: Revision,
    tag: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._/+-]*$/)
      .optional()
      .describe(
        "Tag that the revision has there. It is never followed; when it moves, that is told.",
      ),
    path: z
      .union([z.literal("."), RelativePath])
      .optional()
      .describe("Folder of modelhub.json in the repository. Default: its top."),
    configSha256: Sha256.optional().describe("SHA-256 of modelhub.json at the revision."),
  })
  .describe("source.json: the frozen part of an entry, one for each version.");

export type Model = z.infer<typeof Model>;
export type Source = z.infer<typeof Source>;
