import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { digestOf, Refusal, RegistryContents } from "./registry-contents.ts";
import { type Fault, Faults, type Where } from "./registry-faults.ts";

export type { Fault } from "./registry-faults.ts";

export interface Asked {
  method: string;
  /** Path and query. */
  path: string;
  authorization: string | undefined;
  /** Bytes of its body. */
  bytes: number;
  time: number;
}

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

/**
 * An OCI registry in this process, with switches for what real ones do on bad days.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
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
  readonly #contents = new RegistryContents();
  readonly #faults = new Faults();
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
    this.#faults.add(fault, where);
  }

  /** No fault meets a request any more. */
  mend(): void {
    this.#faults.clear();
  }

  /** What it holds: repositories with their blobs, manifests and tags, in order of names. */
  holds() {
    return this.#contents.list();
  }

  /** Point a tag at another digest, as anyone with the right to push can do. */
  moveTag(repository: string, tag: string, digest: string): void {
    this.#contents.tag(repository, tag, digest);
  }

  /** Tokens that were given out are worth nothing from now on. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  /** The requests that carried bytes of blobs. */
  get uploads(): Asked[] {
    return this.asked.filter(({ method, path }) => method === "PUT" && path.includes("/uploads/"));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const fault = this.#faults.meet(method, url);
    const { authorization } = request.headers;
    const asked: Asked = { method, path: url, authorization, bytes: 0, time: Date.now() };
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
    const reply = fault?.kind === "answer" ? fault : this.#answerOrRefuse(request, body);
    if (fault?.kind === "drop" && fault.when === "after") {
      request.socket.destroy();
      return;
    }
    send(response, method, fault?.kind === "wrongBytes" ? spoilt(reply) : reply, fault);
  }

  #answerOrRefuse(request: IncomingMessage, body: Buffer): Reply {
    try {
      return this.#answer(request, body);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }

  #answer(request: IncomingMessage, body: Buffer): Reply {
    const { pathname, searchParams } = new URL(request.url ?? "", `http://${this.host}`);
    if (pathname === "/token") return this.#giveToken();
    if (!this.#isAllowed(request)) return this.#challenge();
    const [, name = "", kind, rest = ""] =
      /^\/v2\/(.+)\/(manifests|blobs|referrers)\/(.*)$/.exec(pathname) ?? [];
    switch (kind) {
      case "manifests":
        return this.#manifests(request, name, rest, body);
      case "referrers":
        if (this.hasReferrers) return this.#listReferrers(name, rest);
        break;
      case "blobs":
        if (rest === "uploads/" && request.method === "POST")
          return this.#startUpload(name, searchParams);
        if (rest.startsWith("uploads/"))
          return this.#finishUpload(name, rest, searchParams.get("digest") ?? "", body);
        return this.#getBlob(name, rest);
    }
    throw new Refusal(404, "NOT_FOUND");
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    const token = headers.authorization?.replace("Bearer ", "");
    return !this.wantsToken || this.#tokens.has(token ?? "");
  }

  #challenge(): Reply {
    const challenge = `Bearer realm="http://${this.host}/token",service="double"`;
    const headers = { "www-authenticate": challenge };
    return { ...refused(new Refusal(401, "UNAUTHORIZED")), headers };
  }

  #giveToken(): Reply {
    const token = randomUUID();
    this.#tokens.add(token);
    return { status: 200, body: JSON.stringify({ token }) };
  }

  #manifests({ method, headers }: IncomingMessage, name: string, reference: string, body: Buffer) {
    if (method === "PUT")
      return this.#putManifest(name, reference, headers["content-type"] ?? "", body);
    if (method === "DELETE") return this.#deleteManifest(name, reference);
    return this.#getManifest(name, reference);
  }

  #getManifest(name: string, reference: string): Reply {
    const { digest, mediaType, bytes } = this.#contents.manifest(name, reference);
    const headers = { "content-type": mediaType, "docker-content-digest": digest };
    return { status: 200, headers, body: bytes };
  }

  #putManifest(name: string, reference: string, mediaType: string, bytes: Buffer): Reply {
    const digest = digestOf(bytes);
    const isTag = !reference.startsWith("sha256:");
    if (!isTag && reference !== digest) throw new Refusal(400, "DIGEST_INVALID");
    const before = this.#contents.tagged(name, reference) ?? digest;
    if (this.tagsAreFixed && before !== digest) throw new Refusal(409, "TAG_IMMUTABLE");
    this.#contents.putManifest(name, { mediaType, bytes });
    if (isTag) this.#contents.tag(name, reference, digest);
    const { subject } = JSON.parse(String(bytes));
    return {
      status: 201,
      headers: {
        "docker-content-digest": digest,
        ...(subject && this.hasReferrers && { "oci-subject": subject.digest }),
      },
    };
  }

  #deleteManifest(name: string, digest: string): Reply {
    if (!this.deletes) throw new Refusal(405, "UNSUPPORTED");
    this.#contents.deleteManifest(name, digest);
    return { status: 202 };
  }

  #listReferrers(name: string, digest: string): Reply {
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const manifests = this.#contents.referrers(name, digest);
    const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
    return { status: 200, headers: { "content-type": mediaType }, body };
  }

  #getBlob(name: string, digest: string): Reply {
    const bytes = this.#contents.blob(name, digest);
    if (!this.blobOrigin)
      return { status: 200, headers: { "content-type": "application/octet-stream" }, body: bytes };
    const location = `${this.blobOrigin}/v2/${name}/blobs/${digest}`;
    return { status: 307, headers: { location } };
  }

  #startUpload(name: string, query: URLSearchParams): Reply {
    const [digest, from] = [query.get("mount"), query.get("from")];
    const isKnown = digest && from && this.#contents.hasBlob(from, digest);
    if (isKnown && (this.mounts || from === name)) {
      this.#contents.mount(name, digest);
      return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}` } };
    }
    const id = randomUUID();
    this.#uploads.add(`uploads/${id}`);
    const location = `${this.uploadOrigin ?? ""}/v2/${name}/blobs/uploads/${id}?state=1`;
    return { status: 202, headers: { location } };
  }

  #finishUpload(name: string, upload: string, digest: string, bytes: Buffer): Reply {
    if (!this.#uploads.delete(upload)) throw new Refusal(404, "BLOB_UPLOAD_UNKNOWN");
    this.#contents.putBlob(name, digest, bytes);
    return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}` } };
  }
}

function refused({ status, message }: Refusal): Reply {
  return { status, body: JSON.stringify({ errors: [{ code: message }] }) };
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
