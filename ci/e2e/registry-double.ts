import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * An OCI registry in this process, with switches for what real ones do on bad days. It checks digests
 * and refuses a manifest whose blobs it lacks, as real ones do.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */

/** What happens to a request instead of, or beside, its answer. */
export type Fault =
  | { kind: "answer"; status: number; body?: string; headers?: Record<string, string> }
  /** The connection breaks: before the work, after it, or in the middle of the reply. */
  | { kind: "drop"; when: "before" | "after" | "within" }
  | { kind: "slow"; milliseconds: number }
  | { kind: "wrongBytes" };

/** Which requests a fault meets; all of them where nothing is said. */
export interface Where {
  method?: string;
  path?: RegExp;
  /** How many requests go well first. */
  after?: number;
  /** How many it meets then; 1 where nothing is said. */
  times?: number;
  /** Of those, every how many-th. */
  every?: number;
}

export interface Asked {
  method: string;
  /** Path and query. */
  path: string;
  authorization: string | undefined;
  /** Bytes of its body. */
  bytes: number;
  time: number;
}

interface Manifest {
  mediaType: string;
  bytes: Buffer;
}

interface Repository {
  blobs: Set<string>;
  manifests: Map<string, Manifest>;
  tags: Map<string, string>;
}

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

export class RegistryDouble {
  /** Whether it lists what refers to an image, or leaves that to a tag. */
  hasReferrers = false;
  /** Whether it takes a blob over from another of its repositories. */
  mounts = true;
  /** Whether it deletes manifests. */
  deletes = true;
  /** Whether it wants a token, which it gives out itself. */
  wantsToken = false;
  /** Whether a tag stays what it was. */
  tagsAreFixed = false;
  /** Another host that uploads are sent to. */
  uploadOrigin: string | undefined;
  /** Another host that blobs are read from. */
  blobOrigin: string | undefined;
  /** All that was asked of it, in order. */
  readonly asked: Asked[] = [];
  readonly #faults: { fault: Fault; where: Where; seen: number }[] = [];
  readonly #blobs = new Map<string, Buffer>();
  readonly #repositories = new Map<string, Repository>();
  readonly #uploads = new Set<string>();
  readonly #tokens = new Set<string>();
  readonly #server: Server = createServer((request, response) => {
    this.#serve(request, response).catch((error) => response.destroy(error as Error));
  });

  static async open(): Promise<RegistryDouble> {
    const double = new RegistryDouble();
    await new Promise<void>((resolve) => double.#server.listen(0, "127.0.0.1", resolve));
    return double;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** From now on this fault meets these requests. */
  break(fault: Fault, where: Where = {}): void {
    this.#faults.push({ fault, where, seen: 0 });
  }

  /** No fault meets a request any more. */
  mend(): void {
    this.#faults.length = 0;
  }

  /** What it holds: repositories with their blobs, manifests and tags, in order of names. */
  holds() {
    const inOrder = (names: Iterable<string>) => [...names].sort();
    return Object.fromEntries(
      inOrder(this.#repositories.keys()).map((name) => {
        const { blobs, manifests, tags } = this.#repository(name);
        const contents = { blobs: inOrder(blobs), manifests: inOrder(manifests.keys()) };
        return [name, { ...contents, tags: Object.fromEntries([...tags].sort()) }];
      }),
    );
  }

  /** Point a tag at another digest, as anyone with the right to push can do. */
  moveTag(repository: string, tag: string, digest: string): void {
    this.#repository(repository).tags.set(tag, digest);
  }

  /** The requests that carried bytes of blobs. */
  get uploads(): Asked[] {
    return this.asked.filter(({ method, path }) => method === "PUT" && path.includes("/uploads/"));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const fault = this.#faultFor(method, url);
    const asked: Asked = {
      method,
      path: url,
      authorization: request.headers.authorization,
      bytes: 0,
      time: Date.now(),
    };
    this.asked.push(asked);
    if (fault?.kind === "drop" && fault.when === "before") {
      request.socket.destroy();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    asked.bytes = body.length;
    if (fault?.kind === "slow") await delay(fault.milliseconds);
    const reply =
      fault?.kind === "answer"
        ? { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? "" }
        : this.#answer(request, new URL(url, `http://${this.host}`), body);
    if (fault?.kind === "drop" && fault.when === "after") {
      request.socket.destroy();
      return;
    }
    send(response, method, fault?.kind === "wrongBytes" ? spoilt(reply) : reply, fault);
  }

  #faultFor(method: string, path: string): Fault | undefined {
    for (const entry of this.#faults) {
      const { where } = entry;
      if (where.method && where.method !== method) continue;
      if (where.path && !where.path.test(path)) continue;
      const { after = 0, times = 1, every = 1 } = where;
      const place = entry.seen++ - after;
      if (place >= 0 && place < times * every && place % every === 0) return entry.fault;
    }
    return undefined;
  }

  #answer(request: IncomingMessage, url: URL, body: Buffer): Reply {
    if (url.pathname === "/token") return this.#giveToken();
    const refusal = this.#refusal(request);
    if (refusal) return refusal;
    const { method = "" } = request;
    const [, name = "", kind, rest = ""] =
      /^\/v2\/(.+)\/(manifests|blobs|referrers)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === "manifests" && method === "PUT")
      return this.#putManifest(name, rest, request.headers["content-type"] ?? "", body);
    if (kind === "manifests" && method === "DELETE") return this.#deleteManifest(name, rest);
    if (kind === "manifests") return this.#getManifest(name, rest);
    if (kind === "referrers" && this.hasReferrers) return this.#listReferrers(name, rest);
    if (kind === "blobs" && rest === "uploads/" && method === "POST")
      return this.#startUpload(name, url.searchParams);
    if (kind === "blobs" && rest.startsWith("uploads/"))
      return this.#finishUpload(name, rest, url.searchParams.get("digest") ?? "", body);
    if (kind === "blobs") return this.#getBlob(name, rest);
    return missing("NOT_FOUND");
  }

  #refusal({ headers }: IncomingMessage): Reply | undefined {
    const token = headers.authorization?.replace("Bearer ", "");
    if (!this.wantsToken || (token && this.#tokens.has(token))) return undefined;
    const challenge = `Bearer realm="http://${this.host}/token",service="double"`;
    return { ...failure(401, "UNAUTHORIZED"), headers: { "www-authenticate": challenge } };
  }

  /** Tokens that were given out are worth nothing from now on. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  #giveToken(): Reply {
    const token = randomUUID();
    this.#tokens.add(token);
    return { status: 200, body: JSON.stringify({ token }) };
  }

  #getManifest(name: string, reference: string): Reply {
    const { manifests, tags } = this.#repository(name);
    const digest = tags.get(reference) ?? reference;
    const manifest = manifests.get(digest);
    if (!manifest) return missing("MANIFEST_UNKNOWN");
    const headers = { "content-type": manifest.mediaType, "docker-content-digest": digest };
    return { status: 200, headers, body: manifest.bytes };
  }

  #putManifest(name: string, reference: string, mediaType: string, bytes: Buffer): Reply {
    const { blobs, manifests, tags } = this.#repository(name);
    const digest = digestOf(bytes);
    const { config, layers = [], manifests: parts = [], subject } = JSON.parse(String(bytes));
    for (const part of [...(config ? [config] : []), ...layers])
      if (!blobs.has(part.digest)) return failure(400, `MANIFEST_BLOB_UNKNOWN ${part.digest}`);
    for (const part of parts)
      if (!manifests.has(part.digest)) return failure(400, `MANIFEST_UNKNOWN ${part.digest}`);
    if (reference.startsWith("sha256:")) {
      if (reference !== digest) return failure(400, "DIGEST_INVALID");
    } else {
      const before = tags.get(reference);
      if (this.tagsAreFixed && before && before !== digest) return failure(409, "TAG_IMMUTABLE");
      tags.set(reference, digest);
    }
    manifests.set(digest, { mediaType, bytes });
    return {
      status: 201,
      headers: {
        "docker-content-digest": digest,
        ...(subject && this.hasReferrers && { "oci-subject": subject.digest }),
      },
    };
  }

  #deleteManifest(name: string, digest: string): Reply {
    if (!this.deletes) return failure(405, "UNSUPPORTED");
    const { manifests, tags } = this.#repository(name);
    if (!manifests.delete(digest)) return missing("MANIFEST_UNKNOWN");
    for (const [tag, named] of tags) if (named === digest) tags.delete(tag);
    return { status: 202 };
  }

  #listReferrers(name: string, digest: string): Reply {
    const manifests = [...this.#repository(name).manifests].flatMap(([own, { bytes }]) => {
      const { subject, artifactType, mediaType } = JSON.parse(String(bytes));
      if (subject?.digest !== digest) return [];
      return [{ mediaType, digest: own, size: bytes.length, artifactType }];
    });
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
    return { status: 200, headers: { "content-type": mediaType }, body };
  }

  #getBlob(name: string, digest: string): Reply {
    const bytes = this.#blobs.get(digest);
    if (!bytes || !this.#repository(name).blobs.has(digest)) return missing("BLOB_UNKNOWN");
    if (this.blobOrigin)
      return {
        status: 307,
        headers: { location: `${this.blobOrigin}/v2/${name}/blobs/${digest}` },
      };
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body: bytes };
  }

  #startUpload(name: string, query: URLSearchParams): Reply {
    const [digest, from] = [query.get("mount"), query.get("from")];
    const isKnown = digest && from && this.#repository(from).blobs.has(digest);
    if (isKnown && (this.mounts || from === name)) {
      this.#repository(name).blobs.add(digest);
      return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}` } };
    }
    const id = randomUUID();
    this.#uploads.add(`uploads/${id}`);
    const location = `${this.uploadOrigin ?? ""}/v2/${name}/blobs/uploads/${id}?state=1`;
    return { status: 202, headers: { location } };
  }

  #finishUpload(name: string, upload: string, digest: string, bytes: Buffer): Reply {
    if (!this.#uploads.delete(upload)) return missing("BLOB_UPLOAD_UNKNOWN");
    if (digestOf(bytes) !== digest) return failure(400, "DIGEST_INVALID");
    this.#blobs.set(digest, bytes);
    this.#repository(name).blobs.add(digest);
    return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}` } };
  }

  #repository(name: string): Repository {
    const found = this.#repositories.get(name);
    if (found) return found;
    const fresh = { blobs: new Set<string>(), manifests: new Map(), tags: new Map() };
    this.#repositories.set(name, fresh);
    return fresh;
  }
}

function send(
  response: ServerResponse,
  method: string,
  { status, headers, body = "" }: Reply,
  fault: Fault | undefined,
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...headers, "content-length": length });
  if (fault?.kind === "drop") {
    response.write(Buffer.from(body).subarray(0, Number(length) / 2), () => response.destroy());
    return;
  }
  response.end(method === "HEAD" ? undefined : body);
}

/** The reply with one bit of its body turned, where it has one. */
function spoilt(reply: Reply): Reply {
  const bytes = Buffer.from(reply.body ?? "");
  const last = bytes.length - 1;
  return last < 0 ? reply : { ...reply, body: bytes.fill((bytes[last] ?? 0) ^ 1, last) };
}

function missing(code: string): Reply {
  return failure(404, code);
}

function failure(status: number, code: string): Reply {
  return { status, body: JSON.stringify({ errors: [{ code }] }) };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
