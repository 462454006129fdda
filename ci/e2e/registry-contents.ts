import { createHash } from "node:crypto";

interface Manifest {
  mediaType: string;
  bytes: Buffer;
}

interface Repository {
  blobs: Set<string>;
  manifests: Map<string, Manifest>;
  tags: Map<string, string>;
}

/** What a registry says no with: a status, and a code of the distribution specification. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

/** What an OCI registry holds. It checks digests, and refuses a manifest whose blobs it lacks. */
export class RegistryContents {
  readonly #blobs = new Map<string, Buffer>();
  readonly #repositories = new Map<string, Repository>();

  /** Repositories with their blobs, manifests and tags, in order of names. */
  list() {
    const inOrder = (names: Iterable<string>) => [...names].sort();
    return Object.fromEntries(
      inOrder(this.#repositories.keys()).map((name) => {
        const { blobs, manifests, tags } = this.#repository(name);
        const contents = { blobs: inOrder(blobs), manifests: inOrder(manifests.keys()) };
        return [name, { ...contents, tags: Object.fromEntries([...tags].sort()) }];
      }),
    );
  }

  tagged(name: string, tag: string): string | undefined {
    return this.#repository(name).tags.get(tag);
  }

  tag(name: string, tag: string, digest: string): void {
    this.#repository(name).tags.set(tag, digest);
  }

  manifest(name: string, reference: string): Manifest & { digest: string } {
    const { manifests, tags } = this.#repository(name);
    const digest = tags.get(reference) ?? reference;
    const found = manifests.get(digest);
    if (!found) throw new Refusal(404, "MANIFEST_UNKNOWN");
    return { ...found, digest };
  }

  /** Takes a manifest of which everything that it names is there. Returns its digest. */
  putManifest(name: string, manifest: Manifest): string {
    const { blobs, manifests } = this.#repository(name);
    const { config, layers = [], manifests: parts = [] } = JSON.parse(String(manifest.bytes));
    for (const { digest } of [...(config ? [config] : []), ...layers])
      if (!blobs.has(digest)) throw new Refusal(400, `MANIFEST_BLOB_UNKNOWN ${digest}`);
    for (const { digest } of parts)
      if (!manifests.has(digest)) throw new Refusal(400, `MANIFEST_UNKNOWN ${digest}`);
    const digest = digestOf(manifest.bytes);
    manifests.set(digest, manifest);
    return digest;
  }

  deleteManifest(name: string, digest: string): void {
    const { manifests, tags } = this.#repository(name);
    if (!manifests.delete(digest)) throw new Refusal(404, "MANIFEST_UNKNOWN");
    for (const [tag, named] of tags) if (named === digest) tags.delete(tag);
  }

  /** Descriptors of the manifests whose subject this one is. */
  referrers(name: string, digest: string): object[] {
    return [...this.#repository(name).manifests].flatMap(([own, { bytes }]) => {
      const { subject, artifactType, mediaType } = JSON.parse(String(bytes));
      if (subject?.digest !== digest) return [];
      return [{ mediaType, digest: own, size: bytes.length, artifactType }];
    });
  }

  blob(name: string, digest: string): Buffer {
    const bytes = this.#blobs.get(digest);
    if (!bytes || !this.hasBlob(name, digest)) throw new Refusal(404, "BLOB_UNKNOWN");
    return bytes;
  }

  hasBlob(name: string, digest: string): boolean {
    return this.#repository(name).blobs.has(digest);
  }

  putBlob(name: string, digest: string, bytes: Buffer): void {
    if (digestOf(bytes) !== digest) throw new Refusal(400, "DIGEST_INVALID");
    this.#blobs.set(digest, bytes);
    this.mount(name, digest);
  }

  /** Gives a repository a blob that another one has. */
  mount(name: string, digest: string): void {
    this.#repository(name).blobs.add(digest);
  }

  #repository(name: string): Repository {
    const found = this.#repositories.get(name);
    if (found) return found;
    const fresh = { blobs: new Set<string>(), manifests: new Map(), tags: new Map() };
    this.#repositories.set(name, fresh);
    return fresh;
  }
}

/** The digest of these bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
