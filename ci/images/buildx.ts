import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import { OursError } from "../errors.ts";
import { ProcessError, type RunOptions, run } from "../process.ts";

/** One stage of the stack, as `docker buildx build` takes it. */
export interface Stage {
  dockerfile: string;
  context: string;
  /** Folders or images that the Dockerfile names in `--from=`. */
  contexts?: Record<string, string>;
  args?: Record<string, string>;
  labels?: Record<string, string>;
  platforms: readonly Platform[];
  /** Image name with a tag; the stage is pushed there. */
  name: string;
  /** `none` for stages that only copy. */
  network?: "none";
  /** Files handed to RUN steps, by id. */
  secrets?: Record<string, string>;
}

/** The arguments of `docker`, so that equal inputs give an image with an equal digest. */
export function buildxArguments(stage: Stage, builder: string, metadataFile: string): string[] {
  const pairs = (flag: string, record: Record<string, string> = {}) =>
    Object.entries(record).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return [
    ...["buildx", "build", "--builder", builder, "--progress", "plain"],
    ...["--file", stage.dockerfile, "--platform", stage.platforms.join(",")],
    // An attestation inside the index would carry times, and with them another digest each time.
    ...["--provenance=false", "--sbom=false"],
    ...pairs("--build-arg", { SOURCE_DATE_EPOCH: "0", ...stage.args }),
    ...pairs("--build-context", stage.contexts),
    ...pairs("--label", stage.labels),
    ...Object.entries(stage.secrets ?? {}).flatMap(([id, src]) => [
      "--secret",
      `id=${id},src=${src}`,
    ]),
    ...(stage.network ? ["--network", stage.network] : []),
    ...[
      "--output",
      `type=image,name=${stage.name},push=true,oci-mediatypes=true,rewrite-timestamp=true`,
    ],
    ...["--metadata-file", metadataFile],
    stage.context,
  ];
}

/** Builds and pushes a stage; returns the digest of what was pushed. */
export async function buildStage(
  stage: Stage,
  policy: SourcePolicy,
  options: Pick<RunOptions, "about" | "onLine"> = {},
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-build-"));
  try {
    const metadata = join(folder, "metadata.json");
    const policyFile = join(folder, "policy.json");
    writeFileSync(policyFile, JSON.stringify(policy));
    const builder = process.env["MODELHUB_BUILDER"] ?? "modelhub";
    await run("docker", buildxArguments(stage, builder, metadata), {
      ...options,
      env: { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: policyFile, NO_COLOR: "1" },
    });
    const { "containerimage.digest": digest } = JSON.parse(readFileSync(metadata, "utf8"));
    return String(digest);
  } catch (error) {
    throw (error instanceof ProcessError && noBuildx(error.output)) || error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What to do where docker's own words say that buildx is missing; nothing where they say anything else. */
export function noBuildx(output: string): OursError | undefined {
  const isMissing = /unknown flag: --builder|'buildx' is not a docker command/.test(output);
  if (!isMissing) return undefined;
  return new OursError(
    "docker has no buildx here\n  hint: ./scripts/setup installs it for ModelHub",
  );
}

/** BuildKit's own list of what a build may read. */
export interface SourcePolicy {
  rules: { action: "ALLOW" | "DENY"; selector: { identifier: string } }[];
}

/** A build may read our images and the folders that it was given; no other image, address or repository. */
export function allowOnly(...images: string[]): SourcePolicy {
  const deny = ["docker-image://*", "http://*", "https://*", "git://*"];
  return {
    rules: [
      ...deny.map((identifier) => ({ action: "DENY" as const, selector: { identifier } })),
      ...images.map((image) => ({
        action: "ALLOW" as const,
        selector: { identifier: `docker-image://${image}*` },
      })),
    ],
  };
}
