import { z } from "zod";
import type { Source } from "#schema/entry.ts";
import { imagePurl } from "./sbom.ts";

/**
 * The provenance: SLSA v1 in an in-toto statement. It names the image, all that it was made from,
 * and, as by-products, what else was published with it; one signature over it covers them all.
 * https://slsa.dev/spec/v1.0/provenance
 */

export const provenanceType = "application/vnd.in-toto+json";
export const predicateType = "https://slsa.dev/provenance/v1";

const Sha256 = z.object({ sha256: z.string() });

/** The parts of a statement that verification reads. */
export const Statement = z.object({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(z.object({ name: z.string(), digest: Sha256 })),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    buildDefinition: z.object({
      externalParameters: z.object({
        id: z.string(),
        version: z.string(),
        repository: z.string(),
        revision: z.string(),
        path: z.string(),
      }),
      resolvedDependencies: z.array(
        z.object({ name: z.string(), digest: z.record(z.string(), z.string()) }),
      ),
    }),
    runDetails: z.object({
      byproducts: z.array(z.object({ name: z.string(), digest: Sha256 })),
    }),
  }),
});

export type Statement = z.infer<typeof Statement>;

export interface ProvenanceInput {
  id: string;
  version: string;
  platforms: readonly string[];
  source: Pick<Source, "repository" | "revision" | "path">;
  /** Image name without tag, and its digest. */
  image: { name: string; digest: string };
  /** Repository of the registry, whose README says how a build goes. */
  registry: string;
  /** Namespace of the images below it. */
  namespace: string;
  stack: { base: string; runtime: string; engine: string };
  /** The further images of the version, and what each stands on. */
  variants: Record<string, { digest: string; runtime: string; engine: string }>;
  /** SHA-256 of each weights file, by id. */
  weights: Record<string, string>;
  /** Digests of what was published with the image, by name. */
  byproducts: Record<string, string>;
  builder: string;
}

/** The statement; holds no time and no number of a run, so the same build states the same. */
export function provenance(input: ProvenanceInput): Statement {
  const { id, version, platforms, image, namespace } = input;
  const { repository, revision, path = "." } = input.source;
  const level = (kind: string, digest: string, name = kind) => ({
    name,
    uri: imagePurl(`${namespace}/${kind}`, hashOf(digest)),
    digest: { sha256: hashOf(digest) },
  });
  const stack = Object.entries(input.stack).map(([kind, digest]) => level(kind, digest));
  const variants = Object.entries(input.variants);
  const ofVariants = variants.flatMap(([variant, { runtime, engine }]) => [
    level("runtime", runtime, `${variant}/runtime`),
    level("engine", engine, `${variant}/engine`),
  ]);
  const weights = Object.entries(input.weights).map(([name, sha256]) => ({
    name: `weights/${name}`,
    digest: { sha256 },
  }));
  const source = {
    name: "source",
    uri: `git+${repository}@${revision}`,
    digest: { gitCommit: revision },
  };
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: image.name, digest: { sha256: hashOf(image.digest) } },
      ...variants.map(([variant, { digest }]) => ({
        name: variantSubject(image.name, version, variant),
        digest: { sha256: hashOf(digest) },
      })),
    ],
    predicateType,
    predicate: {
      buildDefinition: {
        buildType: `${input.registry}/blob/main/registry/README.md#trust`,
        externalParameters: { id, version, repository, revision, path, platforms },
        resolvedDependencies: [source, ...stack, ...ofVariants, ...weights],
      },
      runDetails: {
        builder: { id: input.builder },
        byproducts: Object.entries(input.byproducts).map(([name, digest]) => ({
          name,
          digest: { sha256: hashOf(digest) },
        })),
      },
    },
  } as Statement;
}

/** How a statement names a variant's image: by the tag that people know it by. */
export function variantSubject(image: string, version: string, variant: string): string {
  return `${image}:${version}-${variant}`;
}

/** Who builds: the workflow on GitHub, what MODELHUB_BUILDER_ID says elsewhere, or a person's machine. */
export function builderId(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_SERVER_URL: server, GITHUB_WORKFLOW_REF: workflow } = env;
  if (env["MODELHUB_BUILDER_ID"]) return env["MODELHUB_BUILDER_ID"];
  return server && workflow ? `${server}/${workflow}` : "urn:modelhub:local";
}

/** The hex digits of a digest. */
export function hashOf(digest: string): string {
  return digest.replace("sha256:", "");
}
