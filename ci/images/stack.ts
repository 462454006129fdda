import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import { keyOf, listFiles, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { runtimeFolder } from "../platforms.ts";
import type { FetchedSubject, Subject } from "../subject.ts";
import { fetchWeights, weightsFileName } from "../weights.ts";
import { baseContext, baseKey } from "./base.ts";
import type { Stage } from "./buildx.ts";
import { engineContext, engineKey, engineVersion, nodeContext } from "./engine.ts";
import { type BuiltImage, ensureImage, type Level, reference, type StackOptions } from "./level.ts";
import { restacked } from "./restacked.ts";

export { type BuiltImage, reference, type StackOptions } from "./level.ts";

/** The stack of one model: base, runtime, engine, deployment. Each stands on the digest of the one before. */

export const stackLevels = ["base", "runtime", "engine", "deployment"] as const;
export type StackLevel = (typeof stackLevels)[number];

/** Builds what is missing of a model's stack, for one platform, and returns all four images. */
export async function buildStack(
  subject: FetchedSubject,
  options: StackOptions,
): Promise<Record<StackLevel, BuiltImage>> {
  const base = await ensureImage(await baseLevel(subject.instance.platforms), subject, options);
  const level = await runtimeLevel(subject, base);
  const runtime = await ensureImage(level, subject, options, base);
  return { base, runtime, ...(await buildOnRuntime(subject, runtime, options)) };
}

/**
 * Builds what stands on a runtime image: engine and deployment. Both only copy files, so nothing of the
 * contributor's runs.
 */
export async function buildOnRuntime(
  subject: FetchedSubject,
  runtime: BuiltImage,
  options: StackOptions,
): Promise<Record<"engine" | "deployment", BuiltImage>> {
  const above = await engineLevel(subject.instance.platforms, runtime);
  const engine = await ensureImage(above, subject, options, runtime);
  const folder = mkdtempSync(join(tmpdir(), "modelhub-deployment-"));
  try {
    const level = {
      ...deploymentNames(subject, engine),
      stage: () => deploymentStage(subject, engine, folder),
    };
    const deployment =
      (await restacked(level, subject, runtime, engine)) ??
      (await ensureImage(level, subject, options, engine));
    return { engine, deployment };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The base image of all models. */
export async function baseLevel(platforms: readonly Platform[]): Promise<Level> {
  return {
    name: "base",
    key: keyOf([await baseKey(), platforms]),
    stage: async () => stageIn(await baseContext(platforms)),
  };
}

/** The contributor's runtime image on a base. */
export async function runtimeLevel(
  { folder, config, variant }: FetchedSubject,
  base: BuiltImage,
): Promise<Level> {
  const context = join(folder, runtimeFolder(config, variant));
  return {
    name: "runtime",
    key: keyOf([base.tag, await listFiles(context)]),
    stage: async () => ({
      ...stageIn(context),
      args: { BASE_IMAGE: reference(base) },
      secrets: certificates(),
    }),
  };
}

/** The engine on a runtime. Nothing but the runtime's digest needs to be known of it. */
export async function engineLevel(
  platforms: readonly Platform[],
  runtime: BuiltImage,
): Promise<Level> {
  return {
    name: "engine",
    key: keyOf([runtime.digest, await engineKey()]),
    stage: async () => ({
      dockerfile: join(root, "engine-image", "Dockerfile"),
      context: join(root, "engine-image"),
      contexts: { node: await nodeContext(platforms), engine: await engineContext() },
      args: { RUNTIME_IMAGE: reference(runtime) },
      labels: { "ai.modelhub.engine": engineVersion },
      network: "none",
    }),
  };
}

/** Name and key of a model's image on an engine. */
export function deploymentNames(
  { id, key }: Pick<Subject, "id" | "key">,
  engine: BuiltImage,
): Pick<Level, "name" | "key"> {
  return { name: `models/${id}`, key: keyOf([engine.digest, key]) };
}

/** The last stage: one layer for each weights file, one for the contributor's folder, and who it is. */
async function deploymentStage(
  subject: FetchedSubject,
  engine: BuiltImage,
  folder: string,
): Promise<Omit<Stage, "platforms" | "name">> {
  const { config, source } = subject;
  const hashes: Record<string, string> = {};
  for (const weights of config.weights) {
    const fetched = await fetchWeights(weights, subject);
    const file = join(folder, "weights", weights.id, weightsFileName(weights));
    mkdirSync(dirname(file), { recursive: true });
    linkOrCopy(fetched.path, file);
    hashes[weights.id] = fetched.sha256;
  }
  writeJson(join(folder, "identity", "identity.json"), {
    id: subject.id,
    version: subject.version,
    repository: source?.repository ?? null,
    revision: source?.revision ?? null,
    path: source?.path ?? ".",
    configSha256: subject.configSha256,
    weights: hashes,
  });
  const dockerfile = join(folder, "Dockerfile");
  writeFileSync(dockerfile, deploymentDockerfile(config.weights.map(({ id }) => id)));
  return {
    dockerfile,
    context: join(folder, "identity"),
    contexts: {
      weights: join(folder, "weights"),
      source: copySource(subject, join(folder, "source")),
    },
    args: { ENGINE_IMAGE: reference(engine) },
    labels: labels(subject),
    network: "none",
  };
}

/** The contributor's folder as the image holds it: without weights, which have layers of their own. */
function copySource({ folder, config }: FetchedSubject, to: string): string {
  const apart = config.weights.flatMap(({ path, source }) => (path && !source ? [path] : []));
  // Docker would leave out what a .dockerignore names, unseen by everybody else.
  const left = new Set([...apart, ".dockerignore"].map((path) => join(folder, path)));
  cpSync(folder, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !left.has(path),
  });
  return to;
}

/** The Dockerfile of the last stage. Linked copies only: a layer's bytes don't depend on what is below. */
export function deploymentDockerfile(weightsIds: readonly string[]): string {
  return [
    "ARG ENGINE_IMAGE",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's own variable
    "FROM ${ENGINE_IMAGE}",
    ...weightsIds.map((id) => `COPY --link --from=weights /${id}/ /opt/modelhub/weights/${id}/`),
    "COPY --link --from=source / /opt/modelhub/model/",
    "COPY --link identity.json /opt/modelhub/identity.json",
    "",
  ].join("\n");
}

/** What the image says of itself: OCI's own annotations, and the config whole. */
function labels({ id, version, variant, config, source }: FetchedSubject): Record<string, string> {
  return {
    "org.opencontainers.image.title": config.title,
    "org.opencontainers.image.description": config.summary,
    "org.opencontainers.image.version": version,
    "org.opencontainers.image.licenses": `(${config.licenses.code}) AND (${config.licenses.weights})`,
    ...(source && {
      "org.opencontainers.image.source": source.repository,
      "org.opencontainers.image.revision": source.revision,
    }),
    "ai.modelhub.id": id,
    ...(variant && { "ai.modelhub.variant": variant }),
    "ai.modelhub.config": JSON.stringify(config),
  };
}

function stageIn(context: string): Pick<Stage, "dockerfile" | "context"> {
  return { dockerfile: join(context, "Dockerfile"), context };
}

/** The machine's own certificates, for networks that look into encrypted traffic. */
function certificates(): Record<string, string> {
  const file = process.env["SSL_CERT_FILE"] ?? process.env["NODE_EXTRA_CA_CERTS"];
  return file ? { ca: file } : {};
}

/** A file of gigabytes is not copied where a second name for it will do. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
