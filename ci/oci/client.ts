import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OursError } from "../errors.ts";
import { authorize, type Credentials, readCredentials } from "./credentials.ts";
import { Busy, isLocal, Patience, type PatienceOptions, refuseBusy } from "./patience.ts";
import { type Body, type HttpReply, send } from "./send.ts";

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

interface Reply<Content> {
  status: number;
  headers: HttpReply["headers"];
  content: Content;
}

interface Wanted<Content> {
  headers?: Record<string, string>;
  body?: Body;
  /** Other repositories of the registry that the request reads from. */
  readable?: readonly string[];
  /** How the body of a reply that went well is read. */
  read: (response: HttpReply) => Promise<Content>;
}

const asText = (response: HttpReply) => response.text();

async function unread<Content>(response: HttpReply): Promise<Content> {
  await response.body?.cancel();
  return "" as Content;
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const acceptManifest = { accept: manifestTypes.join(", ") };

export class OciClient {
  readonly host: string;
  /** Requests that were sent, and bytes of their bodies. */
  readonly sent = { requests: 0, bytes: 0 };
  readonly #origin: string;
  readonly #credentials: Credentials | undefined;
  readonly #patience: Patience;
  readonly #tokens = new Map<string, string>();
  /** Blobs by repository and digest that this client has sent or found there. */
  readonly #uploads = new Map<string, Promise<void>>();

  constructor(host: string, options?: PatienceOptions) {
    this.host = host;
    this.#origin = `${isLocal(host) ? "http" : "https"}://${host}`;
    this.#credentials = readCredentials(host);
    this.#patience = new Patience(host, options);
  }

  /** The manifest or index by tag or digest; undefined when there is none. Throws when its bytes are not its digest's. */
  async manifest(repository: string, reference: string): Promise<Stored | undefined> {
    const reply = await this.#request(repository, "GET", `manifests/${reference}`, {
      headers: acceptManifest,
      read: asText,
    });
    if (!this.#isThere(reply, `${repository}:${reference}`)) return undefined;
    const digest = sha256(reply.content);
    if (reference.startsWith("sha256:")) this.#requireBytes(repository, reference, digest);
    return { digest, mediaType: reply.headers.get("content-type") ?? "", text: reply.content };
  }

  /** The digest that a tag or digest stands for, undefined when the registry has no such manifest. */
  async resolve(repository: string, reference: string): Promise<string | undefined> {
    const reply = await this.#request(repository, "HEAD", `manifests/${reference}`, {
      headers: acceptManifest,
      read: asText,
    });
    if (!this.#isThere(reply, `${repository}:${reference}`)) return undefined;
    const digest = reply.headers.get("docker-content-digest");
    return digest ?? (await this.manifest(repository, reference))?.digest;
  }

  /**
   * Write a manifest or index under a tag or its digest. Returns whether the registry lists it as a
   * referrer of its subject.
   */
  async putManifest(repository: string, reference: string, manifest: Stored): Promise<boolean> {
    const reply = await this.#request(repository, "PUT", `manifests/${reference}`, {
      headers: { "content-type": manifest.mediaType },
      body: manifest.text,
      read: asText,
    });
    this.#require(reply, `${repository}:${reference}`);
    const written = reply.headers.get("docker-content-digest") ?? manifest.digest;
    this.#requireBytes(repository, manifest.digest, written);
    return reply.headers.has("oci-subject");
  }

  /** Delete a manifest by its digest, and every tag that names it. False where there is none. */
  async deleteManifest(repository: string, digest: string): Promise<boolean> {
    const path = `manifests/${digest}`;
    const reply = await this.#request(repository, "DELETE", path, { read: asText });
    if (reply.status === 405)
      throw new OursError(
        `${this.host} deletes nothing by its API\n  hint: delete ${repository}@${digest} on its own pages, then run this again`,
      );
    return this.#isThere(reply, `${repository}@${digest}`);
  }

  /** The index of what refers to a manifest; undefined where the registry keeps no such list. */
  async referrers(repository: string, digest: string): Promise<string | undefined> {
    const reply = await this.#request(repository, "GET", `referrers/${digest}`, { read: asText });
    return this.#isThere(reply, `${repository}@${digest}`) ? reply.content : undefined;
  }

  /** A small blob's bytes, checked against its digest. */
  async blob(repository: string, digest: string): Promise<string> {
    const reply = await this.#request(repository, "GET", `blobs/${digest}`, { read: asText });
    this.#require(reply, `${repository}@${digest}`);
    this.#requireBytes(repository, digest, sha256(reply.content));
    return reply.content;
  }

  /** Size of a blob in bytes, undefined when there is none. */
  async blobSize(repository: string, digest: string): Promise<number | undefined> {
    const reply = await this.#request(repository, "HEAD", `blobs/${digest}`, { read: asText });
    if (!this.#isThere(reply, `${repository}@${digest}`)) return undefined;
    return Number(reply.headers.get("content-length"));
  }

  /** The digest that a blob's bytes have in fact, undefined when there is none. Reads all of it. */
  async hashBlob(repository: string, digest: string): Promise<string | undefined> {
    const reply = await this.#request(repository, "GET", `blobs/${digest}`, {
      read: (response) => readAll(response),
    });
    return this.#isThere(reply, `${repository}@${digest}`) ? reply.content : undefined;
  }

  /** Write a blob of any size into a file. Throws when its bytes are not its digest's. */
  async saveBlob(repository: string, digest: string, file: string): Promise<void> {
    const reply = await this.#request(repository, "GET", `blobs/${digest}`, {
      read: async (response) => {
        const target = await open(file, "w");
        try {
          return await readAll(response, (chunk) => target.writeFile(chunk));
        } finally {
          await target.close();
        }
      },
    });
    this.#require(reply, `${repository}@${digest}`);
    this.#requireBytes(repository, digest, reply.content);
  }

  /** Write a small blob; returns its digest. */
  async putBlob(repository: string, text: string): Promise<string> {
    const digest = sha256(text);
    await this.#upload(repository, digest, async () => text);
    return digest;
  }

  /** Write a file as a blob. */
  async putFile(repository: string, digest: string, file: string): Promise<void> {
    await this.#upload(repository, digest, async () => ({ file }));
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
      await this.#upload(repository, digest, read, source === this ? from : repository);
    } finally {
      if (folder) await rm(folder, { recursive: true });
    }
  }

  /**
   * Upload a blob that neither the repository nor `from` has. A mount from the repository itself is
   * how a registry says that it is there. An upload that breaks begins anew.
   */
  async #upload(
    repository: string,
    digest: string,
    body: () => Promise<Body>,
    from = repository,
  ): Promise<void> {
    const about = `${repository}@${digest}`;
    // Platforms share layers, and docker-registry loses sight of a blob while it is mounted again.
    const uploading =
      this.#uploads.get(about) ?? this.#uploadAnew(repository, digest, body, from, about);
    this.#uploads.set(about, uploading);
    try {
      await uploading;
    } catch (error) {
      this.#uploads.delete(about);
      throw error;
    }
  }

  async #uploadAnew(
    repository: string,
    digest: string,
    body: () => Promise<Body>,
    from: string,
    about: string,
  ): Promise<void> {
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const readable = from === repository ? [] : [from];
    await this.#patience.persist(about, async () => {
      const started = await this.#once(repository, "POST", `blobs/uploads/?${query}`, {
        readable,
        read: asText,
      });
      this.#require(started, about);
      if (started.status === 201) return;
      const finished = await this.#once(repository, "PUT", this.#uploadUrl(started, digest), {
        headers: { "content-type": "application/octet-stream" },
        body: await body(),
        read: asText,
      });
      if (finished.status === 404) throw new Busy("it forgot an upload that it had begun");
      this.#require(finished, about);
    });
  }

  #uploadUrl({ headers }: Reply<unknown>, digest: string): string {
    const location = headers.get("location");
    if (!location) throw new OursError(`${this.host} began an upload without saying where`);
    const url = new URL(location, this.#origin);
    // A token is for this host alone.
    if (url.origin !== this.#origin)
      throw new OursError(`${this.host} sends uploads to another host, ${url.host}`);
    url.searchParams.set("digest", digest);
    return url.toString();
  }

  #isThere(reply: Reply<unknown>, about: string): boolean {
    if (reply.status === 404) return false;
    this.#require(reply, about);
    return true;
  }

  /** Throws with what the registry says for a reply that didn't go well. */
  #require({ status, content }: Reply<unknown>, about: string): void {
    if (status < 300) return;
    const reason = String(content).slice(0, 500) || "without a reason";
    const hint = status === 401 || status === 403 ? "\n  hint: `docker login` or `oras login`" : "";
    throw new OursError(`${this.host} answered ${status} for ${about}\n  ${reason}${hint}`);
  }

  #requireBytes(repository: string, wanted: string, got: string): void {
    if (wanted === got) return;
    throw new OursError(`${this.host}/${repository}@${wanted} holds other bytes: ${got}`);
  }

  #request<Content>(
    repository: string,
    method: string,
    path: string,
    wanted: Wanted<Content>,
  ): Promise<Reply<Content>> {
    return this.#patience.persist(repository, () => this.#once(repository, method, path, wanted));
  }

  /** One request, with a login where the registry wants one. Throws Busy when it may work later. */
  async #once<Content>(
    repository: string,
    method: string,
    path: string,
    wanted: Wanted<Content>,
  ): Promise<Reply<Content>> {
    const url = path.startsWith("http") ? path : `${this.#origin}/v2/${repository}/${path}`;
    const actions = actionsOf(method);
    const others = (wanted.readable ?? []).map((name) => `repository:${name}:pull`);
    const scopes = [`repository:${repository}:${actions}`, ...others];
    const scope = scopes.join(" ");
    try {
      let response = await this.#send(url, method, wanted, this.#tokens.get(scope));
      if (response.status === 401) {
        await response.body?.cancel();
        const token = await authorize(response, scopes, this.#credentials);
        this.#tokens.set(scope, token);
        response = await this.#send(url, method, wanted, token);
      }
      const { status, headers } = response;
      if (response.ok) return { status, headers, content: await wanted.read(response) };
      // A reply to HEAD has no words, in which GitHub says that it is a rate limit.
      if (method === "HEAD" && status === 403)
        return await this.#once(repository, "GET", path, { ...wanted, read: unread<Content> });
      const text = await response.text();
      refuseBusy(response, text);
      return { status, headers, content: text as Content };
    } catch (error) {
      // `fetch` says so of every connection that broke, before or within a reply.
      if (error instanceof TypeError && error.cause) throw new Busy(String(error.cause));
      throw error;
    }
  }

  async #send(
    url: string,
    method: string,
    { headers, body }: Wanted<unknown>,
    token: string | undefined,
  ): Promise<HttpReply> {
    const all = { ...headers, ...(token && { authorization: token }) };
    this.sent.requests += 1;
    this.sent.bytes +=
      typeof body === "object" ? statSync(body.file).size : Buffer.byteLength(body ?? "");
    // Blobs may be large, and lie on another host, which is not to see the token.
    const isBlob = /\/blobs\/sha256:/.test(url);
    const reply = isBlob ? undefined : await send(url, method, all, body);
    if (reply && !isRedirect(reply.status)) return reply;
    if (typeof body === "object") throw new OursError(`${this.host} sends a file elsewhere`);
    return fetch(url, { method, headers: all, ...(body !== undefined && { body }) });
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** What a token has to allow for a request. */
function actionsOf(method: string): string {
  if (method === "DELETE") return "pull,push,delete";
  return method === "GET" || method === "HEAD" ? "pull" : "pull,push";
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
