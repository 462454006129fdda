import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { OursError, RetryError } from "../errors.ts";
import { authorize, type Credentials, readCredentials } from "./credentials.ts";

/**
 * The part of the OCI distribution API that `oras` has no command for: blobs mounted from one
 * repository to another, and manifests written byte for byte.
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

// What a registry answers when it has too much to do, and GitHub's 403 for the same.
const busyStatuses = new Set([408, 429, 500, 502, 503, 504]);
const attempts = 8;

export class OciClient {
  readonly host: string;
  /** Requests that were sent, and bytes of their bodies. */
  readonly sent = { requests: 0, bytes: 0 };
  readonly #origin: string;
  readonly #credentials: Credentials | undefined;
  readonly #tokens = new Map<string, string>();
  /** When the registry asked all of us to wait until, in ms. */
  #notBefore = 0;

  constructor(host: string) {
    this.host = host;
    const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
    this.#origin = `${isLocal ? "http" : "https"}://${host}`;
    this.#credentials = readCredentials(host);
  }

  /** The manifest or index by tag or digest; undefined when there is none. Throws when its bytes are not its digest's. */
  async manifest(repository: string, reference: string): Promise<Stored | undefined> {
    const response = await this.#request(repository, "GET", `manifests/${reference}`, {
      headers: { accept: manifestTypes.join(", ") },
    });
    if (response.status === 404) return undefined;
    const text = await this.#text(response, `${repository}:${reference}`);
    const digest = sha256(text);
    if (reference.startsWith("sha256:") && digest !== reference)
      throw new OursError(`${this.host}/${repository}@${reference} holds other bytes: ${digest}`);
    return { digest, mediaType: response.headers.get("content-type") ?? "", text };
  }

  /** Write a manifest or index under a tag or its digest; returns its digest. */
  async putManifest(repository: string, reference: string, manifest: Stored): Promise<string> {
    const response = await this.#request(repository, "PUT", `manifests/${reference}`, {
      headers: { "content-type": manifest.mediaType },
      body: manifest.text,
    });
    await this.#text(response, `${repository}:${reference}`);
    return manifest.digest;
  }

  /** A small blob's bytes, checked against its digest. */
  async blob(repository: string, digest: string): Promise<string> {
    const response = await this.#request(repository, "GET", `blobs/${digest}`);
    const text = await this.#text(response, `${repository}@${digest}`);
    if (sha256(text) !== digest)
      throw new OursError(`${this.host}/${repository}@${digest} holds other bytes`);
    return text;
  }

  /** Size of a blob in bytes, undefined when there is none. */
  async blobSize(repository: string, digest: string): Promise<number | undefined> {
    const response = await this.#request(repository, "HEAD", `blobs/${digest}`);
    if (response.status === 404) return undefined;
    await this.#text(response, `${repository}@${digest}`);
    return Number(response.headers.get("content-length"));
  }

  /** The digest that a blob's bytes have in fact, undefined when there is none. Reads all of it. */
  async hashBlob(repository: string, digest: string): Promise<string | undefined> {
    const response = await this.#request(repository, "GET", `blobs/${digest}`);
    if (response.status === 404) return undefined;
    if (!response.ok || !response.body) await this.#text(response, `${repository}@${digest}`);
    const hash = createHash("sha256");
    for await (const chunk of response.body ?? []) hash.update(chunk);
    return `sha256:${hash.digest("hex")}`;
  }

  /** Write a small blob. */
  async putBlob(repository: string, text: string): Promise<string> {
    const digest = sha256(text);
    const started = await this.#request(repository, "POST", "blobs/uploads/");
    await this.#text(started, `${repository}@${digest}`);
    await this.#finishUpload(repository, started, digest, text);
    return digest;
  }

  /** Make a blob of one repository known in another of the same registry; no bytes move. */
  async mount(repository: string, digest: string, from: string): Promise<void> {
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const response = await this.#request(repository, "POST", `blobs/uploads/?${query}`, {}, [from]);
    await this.#text(response, `${repository}@${digest}`);
    if (response.status === 201) return;
    // The registry doesn't mount and began an upload instead.
    const source = await this.#request(from, "GET", `blobs/${digest}`);
    if (!source.ok) await this.#text(source, `${from}@${digest}`);
    await this.#finishUpload(
      repository,
      response,
      digest,
      new Uint8Array(await source.arrayBuffer()),
    );
  }

  async #finishUpload(
    repository: string,
    started: Response,
    digest: string,
    body: string | Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const location = started.headers.get("location");
    if (!location) throw new OursError(`${this.host} began an upload without saying where`);
    const url = new URL(location, this.#origin);
    // A token is for this host alone.
    if (url.origin !== this.#origin)
      throw new OursError(`${this.host} sends uploads to another host, ${url.host}`);
    url.searchParams.set("digest", digest);
    const response = await this.#request(repository, "PUT", url.toString(), {
      headers: { "content-type": "application/octet-stream" },
      body,
    });
    await this.#text(response, `${repository}@${digest}`);
  }

  /** The body of a reply that went well. Throws with what the registry says otherwise. */
  async #text(response: Response, about: string): Promise<string> {
    const text = await response.text();
    if (response.ok) return text;
    throw new OursError(
      `${this.host} answered ${response.status} for ${about}\n  ${text.slice(0, 500) || "without a reason"}`,
    );
  }

  async #request(
    repository: string,
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> } = {},
    readable: readonly string[] = [],
  ): Promise<Response> {
    const url = path.startsWith("http") ? path : `${this.#origin}/v2/${repository}/${path}`;
    const actions = method === "GET" || method === "HEAD" ? "pull" : "pull,push";
    const scopes = [
      `repository:${repository}:${actions}`,
      ...readable.map((name) => `repository:${name}:pull`),
    ];
    const scope = scopes.join(" ");
    let reason = "";
    for (let attempt = 0; attempt < attempts; attempt++) {
      await delay(Math.max(0, this.#notBefore - Date.now()));
      const token = this.#tokens.get(scope);
      let response: Response;
      try {
        this.sent.requests += 1;
        this.sent.bytes += init.body?.length ?? 0;
        response = await fetch(url, {
          method,
          headers: { ...init.headers, ...(token && { authorization: token }) },
          ...(init.body !== undefined && { body: init.body }),
        });
      } catch (error) {
        reason = String((error as Error).cause ?? error);
        await delay(backOff(attempt));
        continue;
      }
      if (response.status === 401 && attempt === 0) {
        await response.body?.cancel();
        this.#tokens.set(scope, await authorize(response, scopes, this.#credentials));
        continue;
      }
      const wait = await this.#busy(response, attempt);
      if (wait === undefined) return response;
      reason = `it answered ${response.status}`;
      this.#notBefore = Math.max(this.#notBefore, Date.now() + wait);
    }
    throw new RetryError(`${this.host} could not be used for ${repository}: ${reason}`);
  }

  /** Milliseconds that the registry wants us to wait, or undefined for a reply to be used. */
  async #busy(response: Response, attempt: number): Promise<number | undefined> {
    const isRateLimit = response.status === 403 && (await isSecondaryLimit(response));
    if (!busyStatuses.has(response.status) && !isRateLimit) return undefined;
    const asked = Number(response.headers.get("retry-after"));
    await response.body?.cancel().catch(() => {});
    return asked > 0 ? Math.min(asked, 120) * 1000 : backOff(attempt);
  }
}

/** The digest of text as a registry names it. */
export function sha256(text: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function backOff(attempt: number): number {
  return Math.min(10_000, 100 * 2 ** attempt) * (0.5 + Math.random());
}

// GitHub says so in words: the status alone would be a lack of rights.
async function isSecondaryLimit(response: Response): Promise<boolean> {
  return /rate limit/i.test(await response.clone().text());
}
