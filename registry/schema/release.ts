import { z } from "zod";
import { Id, Sha256, schemaVersion, Version } from "./primitives.ts";

/** Name of a release, which is also its tag in git. */
export const ReleaseName = z
  .string()
  .regex(/^v\d+(\.\d+){0,2}$/)
  .describe("Name of the release and of its tag in git, such as v2026.1.");

/** `releases/<name>/release.json`: what a paper cites; written once and never changed. */
export const Release = z
  .strictObject({
    schemaVersion,
    name: ReleaseName,
    date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .describe("Day of the release, as 2026-01-31."),
    versions: z
      .array(
        z.strictObject({
          id: Id,
          version: Version,
          lock: Sha256.describe("SHA-256 of locks/<id>/<version>.json beside this file."),
        }),
      )
      .min(1)
      .describe("The versions whose locks are frozen, by id."),
  })
  .describe("release.json: the locks of a release, frozen.");

export type Release = z.infer<typeof Release>;
