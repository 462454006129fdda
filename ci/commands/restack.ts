import { ModelHubError } from "../errors.ts";
import {
  type BuiltImage,
  ensureImage,
  findIn,
  reference,
  type StackOptions,
  tagOf,
} from "../images/level.ts";
import { resolveDigest } from "../images/oci.ts";
import { restacked } from "../images/restacked.ts";
import { baseLevel, deploymentNames, engineLevel } from "../images/stack.ts";
import { builtPlatforms, lockedVariants } from "../platforms.ts";
import { readStage, writeStage } from "../stage-files.ts";
import { findEntries, type Subject } from "../subject.ts";
import { inTurns } from "../turns.ts";
import type { Workspace } from "../workspace.ts";

/**
 * An engine release: puts the new engine under every published version for which nothing else has
 * changed, and under its variants. No source is fetched, and the engine is built once for each runtime,
 * beside the images that are to stand on it. `test`, `publish` and `lock` go on from here. Run again,
 * it goes on where it stopped.
 */

export interface RestackOutcome {
  id: string;
  version: string;
  /** The image on the new engine; its variants stand on it as well. */
  image?: string;
  /** Why it has to be built instead. */
  why?: string;
  error?: unknown;
}

export interface RestackOptions extends Pick<StackOptions, "say"> {
  /** Only the first version of each runtime, to be tested before the others follow. */
  canary?: boolean;
}

type Locked = Subject & { lock: NonNullable<Subject["lock"]> };

// What a registry on the same machine takes without losing speed.
const atOnce = 8;

export async function restackAll(
  names: readonly string[],
  at: Workspace,
  options: RestackOptions,
): Promise<RestackOutcome[]> {
  const isWaiting = (subject: Subject): subject is Locked =>
    subject.lock !== undefined && subject.lock.key !== subject.key;
  const waiting = (await findEntries(names, at)).filter(isWaiting);
  const canaries = canariesOf(waiting);
  const others = options.canary ? [] : waiting.filter((subject) => !canaries.has(subject));
  const release = new Release(options);
  const outcomes = await inTurns([...canaries], atOnce, (subject) => release.take(subject));
  return [...outcomes, ...(await inTurns(others, atOnce, (subject) => release.take(subject)))];
}

/** The first version of each runtime, of a variant's too. */
function canariesOf(waiting: readonly Locked[]): Set<Locked> {
  const firsts = new Map<string, Locked>();
  for (const subject of waiting) {
    for (const { lock } of [subject, ...lockedVariants(subject)]) {
      const { runtime } = lock.stack;
      if (!firsts.has(runtime)) firsts.set(runtime, subject);
    }
  }
  return new Set(firsts.values());
}

/** What the versions of one release share. */
class Release {
  readonly #options: RestackOptions;
  readonly #engines = new Map<string, Promise<BuiltImage>>();
  readonly #bases = new Map<string, Promise<BuiltImage | undefined>>();
  /** How many in a row an earlier run hasn't made. */
  #missing = 0;

  constructor(options: RestackOptions) {
    this.#options = options;
  }

  async take(subject: Locked): Promise<RestackOutcome> {
    const { id, version } = subject;
    try {
      const outcome = await this.#restackAll(subject);
      this.#options.say(`${id} ${version}: ${outcome.image ?? outcome.why}`);
      return { id, version, ...outcome };
    } catch (error) {
      if (!(error instanceof ModelHubError)) throw error;
      this.#options.say(`${id} ${version}: failed\n${error.message}`);
      return { id, version, error };
    }
  }

  /** The images of a version, which move by one lock: all or none. */
  async #restackAll(version: Locked): Promise<Pick<RestackOutcome, "image" | "why">> {
    for (const variant of lockedVariants(version)) {
      const { why } = await this.#restack(variant, version);
      if (why) return { why };
    }
    return this.#restack(version, version);
  }

  /** One image: of the version itself, or of a variant. */
  async #restack(image: Locked, version: Locked): Promise<Pick<RestackOutcome, "image" | "why">> {
    const { unbuilt } = image.lock.image;
    const platforms = builtPlatforms(image.instance, unbuilt);
    const subject = { ...image, instance: { ...image.instance, platforms } };
    const { key, contentKey, instance, lock } = subject;
    const before = readStage("build", subject)?.images.deployment;
    if (before && (await resolveDigest(reference(before)))) return { image: reference(before) };

    const toBuild = "has to be built: `modelhub build` does so";
    if (lock.contentKey !== contentKey) return { why: `its source changed, and it ${toBuild}` };
    // A lock names the base of the version's own platforms; a variant may be for fewer.
    const locked = await this.#findBase(version);
    const base = await this.#findBase(image);
    if (!base || locked?.digest !== lock.stack.base)
      return { why: `its base is another, and it ${toBuild}` };
    const runtime = runtimeOf(subject);
    const engine = await this.#ensureEngine(subject, runtime);
    const level = deploymentNames(subject, engine);
    const deployment =
      (await this.#findMade(instance.images, level)) ??
      (await restacked(level, subject, runtime, engine));
    if (!deployment) return { why: `its engine is elsewhere, and it ${toBuild}` };
    const images = { base, runtime, engine, deployment };
    writeStage("build", subject, { key, images, ...(unbuilt && { unbuilt }) });
    return { image: reference(deployment) };
  }

  /** What an earlier run made. It went in the same order, so behind many that are missing nothing is looked for. */
  async #findMade(
    images: string,
    level: Parameters<typeof findIn>[1],
  ): Promise<BuiltImage | undefined> {
    if (this.#missing >= atOnce) return undefined;
    const made = await findIn(images, level);
    this.#missing = made ? 0 : this.#missing + 1;
    return made;
  }

  /** Today's base image for the platforms of an image, where it is built already. */
  #findBase({ instance, lock }: Locked): Promise<BuiltImage | undefined> {
    const platforms = builtPlatforms(instance, lock.image.unbuilt);
    const known = this.#bases.get(platforms.join());
    if (known) return known;
    const base = baseLevel(platforms).then((level) => findIn(instance.images, level));
    this.#bases.set(platforms.join(), base);
    return base;
  }

  #ensureEngine(subject: Subject, runtime: BuiltImage): Promise<BuiltImage> {
    const known = this.#engines.get(runtime.digest);
    if (known) return known;
    const engine = engineLevel(subject.instance.platforms, runtime).then((level) =>
      ensureImage(level, subject, { ...this.#options, staging: subject.instance.images }, runtime),
    );
    this.#engines.set(runtime.digest, engine);
    return engine;
  }
}

/** The runtime by its lock. The hash of its inputs is in its source, so the tag is made of the digest. */
function runtimeOf({ instance, lock }: Locked): BuiltImage {
  const { runtime: digest } = lock.stack;
  const tag = tagOf(digest.replace("sha256:", ""));
  return { name: `${instance.images}/runtime`, tag, digest, seconds: 0 };
}
