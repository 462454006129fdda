import { z } from "zod";
import { Doi, HttpsUrl, Platform, schemaVersion } from "./primitives.ts";
import { Severity } from "./scan.ts";

/** `registry.json`: all that a fork changes. */
export const Instance = z
  .strictObject({
    $schema: z.string().optional().describe("Address of this schema, for editors."),
    schemaVersion,
    name: z.string().min(1).max(60).describe("Name of this registry."),
    summary: z.string().min(1).max(200).describe("What it is, in a sentence."),
    repository: HttpsUrl.describe("Git repository of this registry."),
    site: z
      .string()
      .regex(/^https?:\/\/[^\s<>"]+\/$/)
      .describe("Address of the catalog, with a slash at its end."),
    images: z
      .string()
      .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/)
      .describe("Image namespace, such as ghcr.io/owner/modelhub; models are <namespace>/<id>."),
    platforms: z.array(Platform).min(1).describe("Platforms that every model is built for."),
    doi: Doi.optional().describe(
      "DOI that stands for all releases of this registry, once the first was deposited.",
    ),
    policy: z
      .strictObject({
        maxFileBytes: z
          .number()
          .int()
          .min(1)
          .describe("Largest file in a contributor's folder, in bytes."),
        maxFolderBytes: z.number().int().min(1).describe("Largest contributor's folder, in bytes."),
        maxWeightsBytes: z.number().int().min(1).describe("Largest weights file, in bytes."),
        maxMemoryMB: z.number().int().min(1).describe("Most memory that the test gives a model."),
        alarmSeverity: Severity.exclude(["unknown"])
          .optional()
          .describe(
            "Least severity of a known vulnerability that the nightly issue tells; without it none does.",
          ),
      })
      .describe("Limits for contributions."),
    signing: z
      .strictObject({
        keys: z
          .array(
            z
              .string()
              .regex(
                /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]{1,1000}\n-----END PUBLIC KEY-----\n?$/,
              ),
          )
          .describe("Public keys, ECDSA P-256 in PEM: a signature of any of them counts."),
        identity: z
          .strictObject({
            issuer: HttpsUrl.describe("Who vouches for the identity, such as GitHub's issuer."),
            subject: z
              .union([HttpsUrl, z.array(HttpsUrl).min(1)])
              .describe("The workflow that signs, with its branch; a list where several do."),
          })
          .optional()
          .describe("The identity whose signatures without a key of its own count."),
      })
      .optional()
      .describe("Who may sign. Where it is set, every image has to be signed."),
  })
  .describe("registry.json: this registry's own name, addresses and policy.");

export type Instance = z.infer<typeof Instance>;
