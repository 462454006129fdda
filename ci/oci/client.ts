import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OursError } from "../errors.ts";
import { asText, Connection } from "./connection.ts";
import type { PatienceOptions } from "./patience.ts";
import type { HttpReply } from "./send.ts";
import { Uploads } from "./uploads.ts";

/**
 * The OCI distribution API, as far as we use it: every manifest is read and written byte for byte,
 * and no blob is sent that the registry has already.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */

export interface Stored {
  digest: string;
  mediaType: string;
  /** The bytes as they are in the registry; their hash is the digest. */
  text: string;
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const acceptManifest = { accept: manifestTypes.join(", ") };

export class OciClient {
  readonly #registry: Connection;
  readonly #uploads: Uploads;

  constructor(host: string, options?: PatienceOptions) {
    this.#registry = new Connection(host, options);
    this.#uploads = new Uploads(this.#registry);
  }

  get host(): string {
    return this.#registry.host;
  }

  /** Requests that were sent, and bytes of their bodies. */
  get sent(): Readonly<Connection["sent"]> {
    return this.#registry.sent;
  }

  /** The manifest or index by tag or digest; undefined when there is none. Throws when its bytes are not its digest's. */
  async manifest(repository: string, reference: string): Promise<Stored | undefined> {
    const reply = await this.#registry.request(repository, "GET", `manifests/${reference}`, {
      headers: acceptManifest,
      read: asText,
    });
    if (!this.#registry.isThere(reply, `${repository}:${reference}`)) return undefined;
    const digest = sha256(reply.content);
    if (reference.startsWith("sha256:")) this.#requireBytes(repository, reference, digest);
    return { digest, mediaType: reply.headers.get("content-type") ?? "", text: reply.content };
  }

  /** The digest that a tag or digest stands for, undefined when the registry has no such manifest. */
  async resolve(repository: string, reference: string): Promise<string | undefined> {
    const reply = await this.#registry.request(repository, "HEAD", `manifests/${reference}`, {
      headers: acceptManifest,
      read: asText,
    });
    if (!this.#registry.isThere(reply, `${repository}:${reference}`)) return undefined;
    const digest = reply.headers.get("docker-content-digest");
    return digest ?? (await this.manifest(repository, reference))?.digest;
  }

  /**
   * Write a manifest or index under a tag or its digest. Returns whether the registry lists it as a
   * referrer of its subject.
   */
  async putManifest(repository: string, reference: string, manifest: Stored): Promise<boolean> {
    const reply = await this.#registry.request(repository, "PUT", `manifests/${reference}`, {
      headers: { "content-type": manifest.mediaType },
      body: manifest.text,
      read: asText,
    });
    this.#registry.require(reply, `${repository}:${reference}`);
    const written = reply.headers.get("docker-content-digest") ?? manifest.digest;
    this.#requireBytes(repository, manifest.digest, written);
    return reply.headers.has("oci-subject");
  }

  /** Delete a manifest by its digest, and every tag that names it. False where there is none. */
  async deleteManifest(repository: string, digest: string): Promise<boolean> {
    const path = `manifests/${digest}`;
    const reply = await this.#registry.request(repository, "DELETE", path, { read: asText });
    if (reply.status === 405)
      throw new OursError(
        `${this.host} deletes nothing by its API\n  hint: delete ${repository}@${digest} on its own pages, then run this again`,
      );
    return this.#registry.isThere(reply, `${repository}@${digest}`);
  }

  /** The index of what refers to a manifest; undefined where the registry keeps no such list. */
  async referrers(repository: string, digest: string): Promise<string | undefined> {
    const reply = await this.#registry.request(repository, "GET", `referrers/${digest}`, {
      read: asText,
    });
    return this.#registry.isThere(reply, `${repository}@${digest}`) ? reply.content : undefined;
  }

  /** A small blob's bytes, checked against its digest. */
  async blob(repository: string, digest: string): Promise<string> {
    const reply = await this.#registry.request(repository, "GET", `blobs/${digest}`, {
      read: asText,
    });
    this.#registry.require(reply, `${repository}@${digest}`);
    this.#requireBytes(repository, digest, sha256(reply.content));
    return reply.content;
  }

  /** Size of a blob in bytes, undefined when there is none. */
  async blobSize(repository: string, digest: string): Promise<number | undefined> {
    const reply = await this.#registry.request(repository, "HEAD", `blobs/${digest}`, {
      read: asText,
    });
    if (!this.#registry.isThere(reply, `${repository}@${digest}`)) return undefined;
    return Number(reply.headers.get("content-length"));
  }

  /** The digest that a blob's bytes have in fact, undefined when there is none. Reads all of it. */
  async hashBlob(repository: string, digest: string): Promise<string | undefined> {
    const reply = await this.#registry.request(repository, "GET", `blobs/${digest}`, {
      read: (response) => readAll(response),
    });
    return this.#registry.isThere(reply, `${repository}@${digest}`) ? reply.content : undefined;
  }

  /** Write a blob of any size into a file. Throws when its bytes are not its digest's. */
  async saveBlob(repository: string, digest: string, file: string): Promise<void> {
    const reply = await this.#registry.request(repository, "GET", `blobs/${digest}`, {
      read: async (response) => {
        const target = await open(file, "w");
        try {
          return await readAll(response, (chunk) => target.writeFile(chunk));
        } finally {
          await target.close();
        }
      },
    });
    this.#registry.require(reply, `${repository}@${digest}`);
    this.#requireBytes(repository, digest, reply.content);
  }

  /** Write a small blob; returns its digest. */
  async putBlob(repository: string, text: string): Promise<string> {
    const digest = sha256(text);
    await this.#uploads.send(repository, digest, async () => text);
    return digest;
  }

  /** Write a file as a blob. */
  async putFile(repository: string, digest: string, file: string): Promise<void> {
    await this.#uploads.send(repository, digest, async () => ({ file }));
  }

  /** Make a blob of another repository known in this one. No bytes move within a registry that mounts. */
  async mount(
    repository: string,
    digest: string,
    from: string,
    source: OciClient = this,
  ): Promise<void> {
    let folder: string | undefined;
    const read = async () => {
      folder ??= await mkdtemp(join(tmpdir(), "modelhub-blob-"));
      const file = join(folder, "blob");
      await source.saveBlob(from, digest, file);
      return { file };
    };
    try {
      await this.#uploads.send(repository, digest, read, source === this ? from : repository);
    } finally {
      if (folder) await rm(folder, { recursive: true });
    }
  }

  #requireBytes(repository: string, wanted: string, got: string): void {
    if (wanted === got) return;
    throw new OursError(`${this.host}/${repository}@${wanted} holds other bytes: ${got}`);
  }
}

/** The digest of text as a registry names it. */
export function sha256(text: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The digest of a body of any size, whose parts are handed on as they come. */
async function readAll(
  response: HttpReply,
  onChunk: (chunk: Uint8Array) => Promise<void> = async () => {},
): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of response.body ?? []) {
    hash.update(chunk);
    await onChunk(chunk);
  }
  return `sha256:${hash.digest("hex")}`;
}
