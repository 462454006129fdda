import { statSync } from "node:fs";
import { OursError } from "../errors.ts";
import { authorize, type Credentials, readCredentials } from "./credentials.ts";
import { Busy, isLocal, Patience, type PatienceOptions, refuseBusy } from "./patience.ts";
import { type Body, type HttpReply, send } from "./send.ts";

/** Requests to one registry: with a login where it wants one, and with patience where it is busy. */

export interface Reply<Content> {
  status: number;
  headers: HttpReply["headers"];
  content: Content;
}

export interface Wanted<Content> {
  headers?: Record<string, string>;
  body?: Body;
  /** Other repositories of the registry that the request reads from. */
  readable?: readonly string[];
  /** How the body of a reply that went well is read. */
  read: (response: HttpReply) => Promise<Content>;
}

export const asText = (response: HttpReply) => response.text();

async function unread<Content>(response: HttpReply): Promise<Content> {
  await response.body?.cancel();
  return "" as Content;
}

export class Connection {
  readonly host: string;
  readonly origin: string;
  /** Requests that were sent, and bytes of their bodies. */
  readonly sent = { requests: 0, bytes: 0 };
  readonly #credentials: Credentials | undefined;
  readonly #patience: Patience;
  readonly #tokens = new Map<string, string>();

  constructor(host: string, options?: PatienceOptions) {
    this.host = host;
    this.origin = `${isLocal(host) ? "http" : "https"}://${host}`;
    this.#credentials = readCredentials(host);
    this.#patience = new Patience(host, options);
  }

  /** One request, repeated while the registry is busy. */
  request<Content>(
    repository: string,
    method: string,
    path: string,
    wanted: Wanted<Content>,
  ): Promise<Reply<Content>> {
    return this.persist(repository, () => this.once(repository, method, path, wanted));
  }

  /** What `work` gives, repeated while the registry is busy. */
  persist<T>(about: string, work: () => Promise<T>): Promise<T> {
    return this.#patience.persist(about, work);
  }

  /** One request, with a login where the registry wants one. Throws Busy when it may work later. */
  async once<Content>(
    repository: string,
    method: string,
    path: string,
    wanted: Wanted<Content>,
  ): Promise<Reply<Content>> {
    const url = path.startsWith("http") ? path : `${this.origin}/v2/${repository}/${path}`;
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
        return await this.once(repository, "GET", path, { ...wanted, read: unread<Content> });
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
    { headers, body, read }: Wanted<unknown>,
    token: string | undefined,
  ): Promise<HttpReply> {
    const all = { ...headers, ...(token && { authorization: token }) };
    this.sent.requests += 1;
    this.sent.bytes +=
      typeof body === "object" ? statSync(body.file).size : Buffer.byteLength(body ?? "");
    // What is no text may be large.
    const reply = read === asText ? await send(url, method, all, body) : undefined;
    if (reply && !isRedirect(reply.status)) return reply;
    if (typeof body === "object") throw new OursError(`${this.host} sends a file elsewhere`);
    // Blobs may lie on another host, which is not to see the token: `fetch` leaves it out there.
    return fetch(url, { method, headers: all, ...(body !== undefined && { body }) });
  }

  /** Whether there is what was asked for; throws for other replies that did not go well. */
  isThere(reply: Reply<unknown>, about: string): boolean {
    if (reply.status === 404) return false;
    this.require(reply, about);
    return true;
  }

  /** Throws with what the registry says for a reply that didn't go well. */
  require({ status, content }: Reply<unknown>, about: string): void {
    if (status < 300) return;
    const reason = String(content).slice(0, 500) || "without a reason";
    const hint = status === 401 || status === 403 ? "\n  hint: `docker login` or `oras login`" : "";
    throw new OursError(`${this.host} answered ${status} for ${about}\n  ${reason}${hint}`);
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
