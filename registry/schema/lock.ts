import { z } from "zod";
import {
  Digest,
  HttpsUrl,
  Id,
  Platform,
  Revision,
  Sha256,
  schemaVersion,
  Unbuilt,
  Variant,
  Version,
} from "./primitives.ts";

/** Digests of what is attached to an image, so that no tag has to be asked for them. */
export const Attestations = z
  .strictObject({
    sbom: Digest.describe("List of all software in the image, as SPDX."),
    provenance: Digest.describe("What the image was made from, by whom, as SLSA provenance."),
    signature: Digest.optional().describe("Sigstore bundle over the provenance."),
  })
  .describe("What vouches for the image, each a referrer of it.");

const Added = z
  .string()
  .optional()
  .describe(
    "What the image adds to its engine's on every platform, so that a new engine is put under it unread: layers, diff ids, history and labels, as JSON in Brotli and base64. The image's digest proves it; left out where the platforms differ by more.",
  );

/** `lock.json`: what a user needs to pull and cite, by digest. Small, since it lives in git. */
export const Lock = z
  .strictObject({
    schemaVersion,
    id: Id,
    version: Version,
    key: Sha256.describe("Hash of all inputs of the build; unchanged inputs are not built again."),
    contentKey: Sha256.describe(
      "The same without base and engine; unchanged, a new engine is put under the image without a build.",
    ),
    source: z
      .strictObject({
        repository: HttpsUrl,
        revision: Revision,
        path: z.string().describe("Folder in the repository."),
        configSha256: Sha256,
      })
      .describe("The source that was built."),
    image: z
      .strictObject({
        name: z.string().describe("Image name without tag or digest."),
        digest: Digest.describe("Digest of the image index."),
        platforms: z.partialRecord(Platform, Digest).describe("Digest of each platform's image."),
        unbuilt: Unbuilt.optional(),
        added: Added,
      })
      .describe("The deployment image."),
    variants: z
      .partialRecord(
        Variant,
        z.strictObject({
          digest: Digest.describe("Digest of the variant's image."),
          platforms: z.partialRecord(Platform, Digest).describe("Digest of each platform's image."),
          unbuilt: Unbuilt.optional(),
          added: Added,
          runtime: Digest.describe("Digest of its runtime image."),
          engine: Digest.describe("Digest of its engine image."),
        }),
      )
      .optional()
      .describe("The model's further images, under the same name."),
    stack: z
      .strictObject({
        base: Digest.describe("Digest of the base image."),
        runtime: Digest.describe(
          "Digest of the runtime image; models with equal runtimes share it.",
        ),
        engine: Digest.describe("Digest of the engine image."),
      })
      .describe("The images that it stands on."),
    engineVersion: Version.describe("Version of the engine in the image."),
    weights: z.record(z.string(), Sha256).describe("SHA-256 of each weights file, by id."),
    bundle: Digest.describe("ModelPack artifact with source and weights."),
    record: Digest.describe("Record of what was measured, a referrer of the image."),
    attestations: Attestations.optional(),
  })
  .describe("lock.json: what CI built from an entry, by digest.");

export type Lock = z.infer<typeof Lock>;
export type Attestations = z.infer<typeof Attestations>;
