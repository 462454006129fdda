import type { Instance } from "#schema/instance.ts";
import { RetryError } from "../errors.ts";
import type { Subject } from "../subject.ts";
import { allowOnly, buildStage, type Stage } from "./buildx.ts";
import { resolveDigest } from "./oci.ts";

/** One level of a stack: an image that is named by its inputs, and built when it is nowhere yet. */
export interface Level {
  name: string;
  /** Hash of its inputs. */
  key: string;
  stage: () => Promise<Omit<Stage, "platforms" | "name">>;
}

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

/** The image of a level: from staging, from the registry, or built into staging. */
export async function ensureImage(
  level: Level,
  { id, version, instance }: Pick<Subject, "id" | "version" | "instance">,
  { staging, say }: StackOptions,
  onTopOf?: BuiltImage,
): Promise<BuiltImage> {
  const known = await findImage(level, instance, staging);
  if (known) return known;

  say(`building ${level.name}`);
  const started = performance.now();
  const [name, tag] = [`${staging}/${level.name}`, tagOf(level.key)];
  const stage: Stage = {
    ...(await level.stage()),
    platforms: instance.platforms,
    name: `${name}:${tag}`,
  };
  const about = `${level.name} for ${id} ${version}`;
  const digest = await buildStage(stage, allowOnly(...(onTopOf ? [onTopOf.name] : [])), { about });
  return { name, tag, digest, seconds: (performance.now() - started) / 1000 };
}

/** The image of a level where it is built already. A fresh builder need not build what is published. */
export async function findImage(
  level: Pick<Level, "name" | "key">,
  { images }: Pick<Instance, "images">,
  staging: string,
): Promise<BuiltImage | undefined> {
  return (await findIn(staging, level)) ?? (await findPublished(level, images));
}

/** The same in the registry alone. */
export function findPublished(
  level: Pick<Level, "name" | "key">,
  images: string,
): Promise<BuiltImage | undefined> {
  return findIn(images, level).catch(unknownUnlessBusy);
}

/** The image of a level in a namespace. Throws where the registry doesn't say whether there is one. */
export async function findIn(
  namespace: string,
  { name: level, key }: Pick<Level, "name" | "key">,
): Promise<BuiltImage | undefined> {
  const [name, tag] = [`${namespace}/${level}`, tagOf(key)];
  const digest = await resolveDigest(`${name}:${tag}`);
  return digest ? { name, tag, digest, seconds: 0 } : undefined;
}

// Some registries refuse to say that a repository is not there yet.
function unknownUnlessBusy(error: unknown): undefined {
  if (error instanceof RetryError) throw error;
}

/** Tag made from the hash of an image's inputs. */
export function tagOf(key: string): string {
  return `in-${key.slice(0, 32)}`;
}

/** The name of an image by its digest, as `docker pull` takes it. */
export function reference({ name, digest }: Pick<BuiltImage, "name" | "digest">): string {
  return `${name}@${digest}`;
}
