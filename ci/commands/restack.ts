import { ModelHubError } from "../errors.ts";
import {
  type BuiltImage,
  ensureImage,
  findImage,
  reference,
  type StackOptions,
  tagOf,
} from "../images/level.ts";
import { resolveDigest } from "../images/oci.ts";
import { restacked } from "../images/restacked.ts";
import { baseLevel, deploymentNames, engineLevel } from "../images/stack.ts";
import { builtPlatforms } from "../platforms.ts";
import { readStage, writeStage } from "../stage-files.ts";
import { findEntries, type Subject } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/**
 * An engine release: puts the new engine under every published version for which nothing else has
 * changed. No source is fetched, and the engine is built once for each runtime, beside the images that
 * are to stand on it. `test`, `publish` and `lock` go on from here. Run again, it goes on where it
 * stopped.
 */

export interface RestackOutcome {
  id: string;
  version: string;
  /** The image on the new engine. */
  image?: string;
  /** Why it has to be built instead. */
  why?: string;
  error?: unknown;
}

export interface RestackOptions extends Pick<StackOptions, "say"> {
  /** Only one version for each runtime, to be tested before the others follow. */
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
  const canaries = [...Map.groupBy(waiting, ({ lock }) => lock.stack.runtime).values()].flatMap(
    ([first]) => first ?? [],
  );
  const others = options.canary ? [] : waiting.filter((subject) => !canaries.includes(subject));
  const release = new Release(options);
  const outcomes = await inTurns(canaries, (subject) => release.take(subject));
  return [...outcomes, ...(await inTurns(others, (subject) => release.take(subject)))];
}

/** What the versions of one release share. */
class Release {
  readonly #options: RestackOptions;
  readonly #engines = new Map<string, Promise<BuiltImage>>();
  readonly #bases = new Map<string, Promise<BuiltImage | undefined>>();

  constructor(options: RestackOptions) {
    this.#options = options;
  }

  async take(subject: Locked): Promise<RestackOutcome> {
    const { id, version } = subject;
    try {
      const outcome = await this.#restack(subject);
      this.#options.say(`${id} ${version}: ${outcome.image ?? outcome.why}`);
      return { id, version, ...outcome };
    } catch (error) {
      if (!(error instanceof ModelHubError)) throw error;
      this.#options.say(`${id} ${version}: failed\n${error.message}`);
      return { id, version, error };
    }
  }

  async #restack(locked: Locked): Promise<Pick<RestackOutcome, "image" | "why">> {
    const { unbuilt } = locked.lock.image;
    const platforms = builtPlatforms(locked.instance, unbuilt);
    const subject = { ...locked, instance: { ...locked.instance, platforms } };
    const { key, contentKey, instance, lock } = subject;
    const before = readStage("build", subject)?.images.deployment;
    if (before && (await resolveDigest(reference(before)))) return { image: reference(before) };

    const toBuild = "has to be built: `modelhub build` does so";
    if (lock.contentKey !== contentKey) return { why: `its source changed, and it ${toBuild}` };
    if (lock.variants) return { why: `it has variants, and ${toBuild}` };
    const base = await this.#findBase(subject);
    if (base?.digest !== lock.stack.base) return { why: `its base is another, and it ${toBuild}` };
    const runtime = runtimeOf(subject);
    const engine = await this.#ensureEngine(subject, runtime);
    const level = deploymentNames(subject, engine);
    const deployment =
      (await findImage(level, instance, instance.images)) ??
      (await restacked(level, subject, runtime, engine));
    if (!deployment) return { why: `its engine is elsewhere, and it ${toBuild}` };
    const images = { base, runtime, engine, deployment };
    writeStage("build", subject, { key, images, ...(unbuilt && { unbuilt }) });
    return { image: reference(deployment) };
  }

  /** Today's base image, where it is built already; a lock names it unless the base has changed. */
  #findBase({ instance }: Subject): Promise<BuiltImage | undefined> {
    const platforms = instance.platforms.join();
    const known = this.#bases.get(platforms);
    if (known) return known;
    const base = baseLevel(instance.platforms).then((level) =>
      findImage(level, instance, instance.images),
    );
    this.#bases.set(platforms, base);
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

/** Results in the order of the items, `atOnce` at a time. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const turn = async () => {
    for (const [place, item] of waiting) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
  return results;
}
