import type { Lock } from "#schema/lock.ts";
import type { Variant } from "#schema/primitives.ts";
import { Record as ModelRecord } from "#schema/record.ts";
import { verifyAttestations } from "../attest/verify.ts";
import { RetryError } from "../errors.ts";
import { clientOf, splitName } from "../images/oci.ts";
import { isOnTop, unpack } from "../oci/added.ts";
import type { OciClient } from "../oci/client.ts";
import { asImage, type Image, type ImageConfig } from "../oci/swap.ts";
import type { Problem } from "../problems.ts";
import type { Subject } from "../subject.ts";

/**
 * Verify: what the registry holds of a version is what its lock says, to the byte, and signed by
 * whom registry.json trusts. Reads the lock, the image of each platform, the bundle, the record and
 * the attestations; trusts none of them to speak for another.
 */

export interface VerifyOptions {
  /** Ask only whether blobs are there with their size, without reading them. */
  quick?: boolean;
  /** Look at manifests, labels and attestations alone: no registry takes a manifest whose blobs it lacks. */
  manifests?: boolean;
  /**
   * What was wrong with each blob that was looked at, by digest. Versions that are given the same map look
   * once at what they share: a registry keeps the bytes of a digest once, for all of its repositories.
   */
  seen?: Map<string, Promise<string | undefined>>;
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

interface Manifest {
  subject?: Descriptor;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: (Descriptor & { platform?: { os: string; architecture: string } })[];
}

/** Everything about the version that isn't as its lock says; empty when all is. */
export async function verify(
  { id, version, lock, instance }: Pick<Subject, "id" | "version" | "lock" | "instance">,
  file: string,
  options: VerifyOptions = {},
): Promise<Problem[]> {
  if (!lock) return [{ file, expected: "a lock", got: "a version that was never built" }];
  const check = new Verification(lock, file, options);
  if (lock.id !== id) check.differs("id", id, lock.id);
  if (lock.version !== version) check.differs("version", version, lock.version);
  await check.image("image", lock.image);
  for (const [variant, image] of Object.entries(lock.variants ?? {}))
    await check.image(`variants.${variant}`, image);
  await check.bundle();
  await check.record();
  await verifyAttestations(check, lock, instance.signing);
  return check.problems;
}

class Verification {
  readonly problems: Problem[] = [];
  readonly #lock: Lock;
  readonly #file: string;
  readonly #options: VerifyOptions;
  readonly #client: OciClient;
  readonly #repository: string;
  // Images of several platforms share layers, and those of several versions too.
  readonly #seen: NonNullable<VerifyOptions["seen"]>;

  constructor(lock: Lock, file: string, options: VerifyOptions) {
    const { host, repository } = splitName(lock.image.name);
    this.#lock = lock;
    this.#file = file;
    this.#options = options;
    this.#seen = options.seen ?? new Map();
    // One for all versions: a busy registry is asked for its patience once.
    this.#client = clientOf(host);
    this.#repository = repository;
  }

  differs(key: string, expected: string, got: string): void {
    this.problems.push({ file: this.#file, key, expected, got });
  }

  async image(name: string, image: Omit<Lock["image"], "name">): Promise<void> {
    const { engineVersion } = this.#lock;
    const top = await this.#manifest(`${name}.digest`, image.digest);
    if (!top) return;
    const parts = top.manifests?.map(({ digest, platform }) => [
      platform ? `${platform.os}/${platform.architecture}` : "no platform",
      digest,
    ]) ?? [[Object.keys(image.platforms)[0], image.digest]];
    const there = Object.fromEntries(parts);
    for (const platform of new Set([...Object.keys(image.platforms), ...Object.keys(there)])) {
      const wanted = image.platforms[platform as keyof typeof image.platforms];
      if (wanted !== there[platform])
        this.differs(
          `${name}.platforms.${platform}`,
          there[platform] ?? "no such platform",
          wanted ?? "nothing",
        );
    }
    for (const [platform, digest] of parts) {
      const key = `${name}.platforms.${platform}`;
      const manifest = top.manifests ? await this.#manifest(key, String(digest)) : top;
      if (!manifest) continue;
      await this.#blobs(key, manifest.layers);
      const config = await this.#config(key, manifest);
      if (!config) continue;
      const { "ai.modelhub.engine": engine } = (config.config?.["Labels"] ?? {}) as Record<
        string,
        string
      >;
      if (engine !== engineVersion)
        this.differs("engineVersion", engine ?? "nothing", engineVersion);
      this.#compareAdded(`${name}.added`, image.added, asImage(manifest, config));
    }
  }

  #compareAdded(key: string, packed: string | undefined, image: Image | undefined): void {
    const added = packed === undefined ? undefined : unpack(packed);
    const isKnown = this.problems.some((problem) => problem.key === key);
    if (packed === undefined || isKnown || (added && image && isOnTop(added, image))) return;
    this.differs(key, "what is on top of the image", added ? "something else" : "no such thing");
  }

  async bundle(): Promise<void> {
    const { bundle, weights } = this.#lock;
    const manifest = await this.#manifest("bundle", bundle);
    if (!manifest) return;
    await this.#blobs("bundle", [
      ...(manifest.config ? [manifest.config] : []),
      ...(manifest.layers ?? []),
    ]);
    const held = new Set(manifest.layers?.map(({ digest }) => digest));
    for (const [id, sha256] of Object.entries(weights)) {
      if (!held.has(`sha256:${sha256}`))
        this.differs(`weights.${id}`, "the hash of a file in the bundle", sha256);
    }
  }

  async record(): Promise<void> {
    const text = await this.referrer("record", this.#lock.record);
    if (text === undefined) return;
    const parsed = ModelRecord.safeParse(jsonOf(text));
    if (!parsed.success) return this.differs("record", "a record of today's schema", "another");
    this.#compareRecord(parsed.data);
  }

  /** The first file of a referrer of the image; a problem, and nothing, when it isn't what it was. */
  async referrer(key: string, digest: string): Promise<string | undefined> {
    const { image } = this.#lock;
    const manifest = await this.#manifest(key, digest);
    if (!manifest) return undefined;
    if (manifest.subject?.digest !== image.digest)
      this.differs(key, `a referrer of ${image.digest}`, `one of ${manifest.subject?.digest}`);
    const [first, ...others] = manifest.layers ?? [];
    await this.#blobs(key, [...(manifest.config ? [manifest.config] : []), ...others]);
    if (!first) this.differs(key, "a referrer that holds a file", "one without");
    if (!first || this.problems.some((problem) => problem.key === key)) return undefined;
    return this.#text(key, first);
  }

  #compareRecord(record: ModelRecord): void {
    const lock = this.#lock;
    const pairs: Record<string, (string | undefined)[]> = {
      id: [record.id, lock.id],
      version: [record.version, lock.version],
      engineVersion: [record.engineVersion, lock.engineVersion],
      "image.digest": [record.image.digest, lock.image.digest],
    };
    for (const variant of variants(record, lock)) {
      const [inRecord, inLock] = [record.variants?.[variant], lock.variants?.[variant]];
      pairs[`variants.${variant}.digest`] = [inRecord?.image.digest, inLock?.digest];
    }
    for (const [key, [inRecord = "nothing", inLock = "nothing"]] of Object.entries(pairs)) {
      if (inRecord !== inLock) this.differs(key, `${inRecord}, as in the record`, inLock);
    }
    for (const { id, sha256 } of record.weights) {
      const locked = lock.weights[id];
      if (locked !== sha256)
        this.differs(`weights.${id}`, `${sha256}, as in the record`, locked ?? "nothing");
    }
  }

  /** A manifest by its digest; a problem, and nothing, when it is lost or holds other bytes. */
  async #manifest(key: string, digest: string): Promise<Manifest | undefined> {
    try {
      const found = await this.#client.manifest(this.#repository, digest);
      if (found) return JSON.parse(found.text) as Manifest;
      this.differs(key, "a digest that the registry holds", digest);
    } catch (error) {
      if (error instanceof RetryError) throw error;
      this.differs(key, digest, (error as Error).message);
    }
    return undefined;
  }

  /** Whether blobs are there, with their own bytes. */
  async #blobs(key: string, blobs: readonly Descriptor[] = []): Promise<void> {
    if (this.#options.manifests) return;
    for (const { digest, size } of blobs) {
      const looking = this.#seen.get(digest) ?? this.#blobProblem(digest, size);
      this.#seen.set(digest, looking);
      const got = await looking;
      const isTold = this.problems.some(({ expected }) => expected === digest);
      if (got && !isTold) this.differs(key, digest, got);
    }
  }

  #blobProblem(digest: string, size: number): Promise<string | undefined> {
    return this.#options.quick ? this.#sizeProblem(digest, size) : this.#hashProblem(digest);
  }

  async #sizeProblem(digest: string, size: number): Promise<string | undefined> {
    const there = await this.#client.blobSize(this.#repository, digest);
    if (there === undefined) return "nothing: the registry has lost it";
    return there === size ? undefined : `${there} bytes where the manifest says ${size}`;
  }

  async #hashProblem(digest: string): Promise<string | undefined> {
    const hash = await this.#client.hashBlob(this.#repository, digest);
    if (hash === undefined) return "nothing: the registry has lost it";
    return hash === digest ? undefined : `other bytes, ${hash}`;
  }

  async #config(key: string, { config }: Manifest): Promise<ImageConfig | undefined> {
    const text = config && (await this.#text(key, config));
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** A small blob's text; a problem, and nothing, when it is lost or holds other bytes. */
  async #text(key: string, { digest, size }: Descriptor): Promise<string | undefined> {
    try {
      return await this.#client.blob(this.#repository, digest);
    } catch (error) {
      if (error instanceof RetryError) throw error;
      const got = (await this.#sizeProblem(digest, size)) ?? (error as Error).message;
      this.differs(key, digest, got);
      return undefined;
    }
  }
}

/** The variants that a record or a lock names. */
function variants(
  ...from: { variants?: Partial<Record<Variant, unknown>> | undefined }[]
): Variant[] {
  return [...new Set(from.flatMap((one) => Object.keys(one.variants ?? {})))] as Variant[];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
