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
import { keyOf, listFiles, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { OciClient } from "../oci/client.ts";
import { EngineImage, restack } from "../oci/restack.ts";
import type { FetchedSubject } from "../subject.ts";
import { fetchWeights, weightsFileName } from "../weights.ts";
import { baseContext, baseKey } from "./base.ts";
import { allowOnly, buildStage, type Stage } from "./buildx.ts";
import { engineContext, engineKey, engineVersion, nodeContext } from "./engine.ts";
import { resolveDigest } from "./oci.ts";

/** The stack of one model: base, runtime, engine, deployment. Each stands on the digest of the one before. */

export const stackLevels = ["base", "runtime", "engine", "deployment"] as const;
export type StackLevel = (typeof stackLevels)[number];

export interface BuiltImage {
  /** Image name without tag. */
  name: string;
  /** Tag made from the hash of the inputs. */
  tag: string;
  digest: string;
  /** Seconds that the build took; 0 when the image was there. */
  seconds: number;
}

export interface StackOptions {
  staging: string;
  /** Told what happens, one line at a time. */
  say: (line: string) => void;
}

type Level = { name: string; key: string; stage: () => Promise<Omit<Stage, "platforms" | "name">> };

/** Builds what is missing of a model's stack and returns all four images. */
export async function buildStack(
  subject: FetchedSubject,
  options: StackOptions,
): Promise<Record<StackLevel, BuiltImage>> {
  const keys = await stackKeys(subject);
  const platforms = subject.instance.platforms;
  const build = (level: Level, onTopOf?: BuiltImage) =>
    ensureImage(level, subject, options, onTopOf);

  const base = await build({
    name: "base",
    key: keys.base,
    stage: async () => stageIn(await baseContext(platforms)),
  });
  const runtimeFolder = join(subject.folder, subject.config.runtime ?? "runtime");
  const runtime = await build(
    {
      name: "runtime",
      key: keys.runtime,
      stage: async () => ({
        ...stageIn(runtimeFolder),
        args: { BASE_IMAGE: reference(base) },
        secrets: certificates(),
      }),
    },
    base,
  );
  const engine = await build(
    {
      name: "engine",
      key: keys.engine,
      stage: async () => ({
        dockerfile: join(root, "engine-image", "Dockerfile"),
        context: join(root, "engine-image"),
        contexts: { node: await nodeContext(platforms), engine: await engineContext() },
        args: { RUNTIME_IMAGE: reference(runtime) },
        labels: { "ai.modelhub.engine": engineVersion },
        network: "none",
      }),
    },
    runtime,
  );
  const folder = mkdtempSync(join(tmpdir(), "modelhub-deployment-"));
  try {
    const level = {
      name: `models/${subject.id}`,
      key: keys.deployment,
      stage: () => deploymentStage(subject, engine, folder),
    };
    const deployment =
      (await restacked(level, subject, runtime, engine)) ?? (await build(level, engine));
    return { base, runtime, engine, deployment };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hash of the inputs of each level; a level is built when its hash is new. */
async function stackKeys(subject: FetchedSubject): Promise<Record<StackLevel, string>> {
  const { platforms } = subject.instance;
  const base = keyOf([await baseKey(), platforms]);
  const runtimeFiles = await listFiles(join(subject.folder, subject.config.runtime ?? "runtime"));
  const runtime = keyOf([base, runtimeFiles]);
  const engine = keyOf([runtime, await engineKey()]);
  return { base, runtime, engine, deployment: keyOf([engine, subject.key]) };
}

/**
 * The published image on the new engine, where nothing else has changed since; undefined where it
 * has to be built. Either way gives the same bytes.
 */
async function restacked(
  { name, key }: Level,
  { instance, lock, contentKey }: FetchedSubject,
  runtime: BuiltImage,
  engine: BuiltImage,
): Promise<BuiltImage | undefined> {
  const published = `${instance.images}/${name}`;
  const [host = "", ...path] = published.split("/");
  const isSwap =
    lock?.contentKey === contentKey &&
    lock.image.name === published &&
    lock.stack.runtime === runtime.digest &&
    lock.stack.engine !== engine.digest &&
    engine.name.startsWith(`${host}/`);
  if (!isSwap) return undefined;
  const started = performance.now();
  const client = new OciClient(host);
  const before = {
    repository: below(host, `${instance.images}/engine`),
    digest: lock.stack.engine,
  };
  const after = { repository: below(host, engine.name), digest: engine.digest };
  const tag = tagOf(key);
  const digest = await restack(
    client,
    { repository: path.join("/"), digest: lock.image.digest },
    await EngineImage.read(client, before),
    await EngineImage.read(client, after),
    [tag],
  );
  return { name: published, tag, digest, seconds: (performance.now() - started) / 1000 };
}

function below(host: string, name: string): string {
  return name.slice(host.length + 1);
}

/** Tag made from the hash of an image's inputs. */
function tagOf(key: string): string {
  return `in-${key.slice(0, 32)}`;
}

async function ensureImage(
  level: Level,
  subject: FetchedSubject,
  { staging, say }: StackOptions,
  onTopOf?: BuiltImage,
): Promise<BuiltImage> {
  const tag = tagOf(level.key);
  const name = `${staging}/${level.name}`;
  const there = await resolveDigest(`${name}:${tag}`);
  if (there) return { name, tag, digest: there, seconds: 0 };

  // A fresh builder need not build what the registry holds already.
  const published = `${subject.instance.images}/${level.name}`;
  const known = await resolveDigest(`${published}:${tag}`).catch(() => undefined);
  if (known) return { name: published, tag, digest: known, seconds: 0 };

  say(`building ${level.name}`);
  const started = performance.now();
  const stage: Stage = {
    ...(await level.stage()),
    platforms: subject.instance.platforms,
    name: `${name}:${tag}`,
  };
  const about = `${level.name} for ${subject.id} ${subject.version}`;
  const digest = await buildStage(stage, allowOnly(...(onTopOf ? [onTopOf.name] : [])), { about });
  return { name, tag, digest, seconds: (performance.now() - started) / 1000 };
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
function labels({ id, version, config, source }: FetchedSubject): Record<string, string> {
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
    "ai.modelhub.config": JSON.stringify(config),
  };
}

function stageIn(context: string): Pick<Stage, "dockerfile" | "context"> {
  return { dockerfile: join(context, "Dockerfile"), context };
}

export function reference({ name, digest }: BuiltImage): string {
  return `${name}@${digest}`;
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
