import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Hono } from "hono";
import { Reply } from "./reply.ts";

// So long is the rest of a body read that nobody wants, for a client that reads only after it wrote.
const drainMilliseconds = 500;

/** A request as the routes see it: what of `Request` they use. */
class IncomingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly #outgoing: ServerResponse;
  #signal: AbortSignal | undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.method = incoming.method ?? "GET";
    this.url = addressOf(incoming);
    this.headers = {
      get: (name) => {
        const value = incoming.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : (value ?? null);
      },
    };
    this.#outgoing = outgoing;
  }

  /** Aborted when the client leaves before it has its reply. */
  get signal(): AbortSignal {
    this.#signal ??= signalOf(this.#outgoing);
    return this.#signal;
  }
}

/** What answers Node's requests with an app's replies. */
export function listener(app: Hono): RequestListener {
  return async (incoming, outgoing) => {
    if (!isPlainHost(incoming.headers.host ?? "localhost")) return refuseHost(outgoing);
    try {
      const request = new IncomingRequest(incoming, outgoing) as unknown as Request;
      const reply = await app.fetch(request, { incoming });
      if (!incoming.readableEnded) outgoing.once("finish", () => drain(incoming));
      send(reply, outgoing);
    } catch (error) {
      console.error(error);
      outgoing.destroy();
    }
  };
}

function addressOf({ headers: { host = "localhost" }, url = "/" }: IncomingMessage): string {
  // Proxies may name the whole address.
  const path = /^https?:\/\/[^/?#]*/i.exec(url) ? url.replace(/^https?:\/\/[^/?#]*/i, "") : url;
  return `http://${host}${path.startsWith("/") ? "" : "/"}${path}`;
}

/** It stands in addresses that replies hold. */
function isPlainHost(host: string): boolean {
  return /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host);
}

function refuseHost(outgoing: ServerResponse): void {
  outgoing.writeHead(400, { connection: "close" });
  outgoing.end("The header Host is no name of a host.\n");
}

function signalOf(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const closed = () => {
    if (!outgoing.writableFinished) controller.abort();
  };
  if (outgoing.closed) closed();
  else outgoing.once("close", closed);
  return controller.signal;
}

function send(reply: Response | Reply, outgoing: ServerResponse): void {
  const { status, body } = reply;
  const headers = reply instanceof Reply ? reply.plain : Object.fromEntries(reply.headers);
  if (body === null) {
    outgoing.writeHead(status, headers).end();
  } else if (typeof body === "string" || body instanceof Uint8Array) {
    const bytes = Buffer.byteLength(body);
    outgoing.writeHead(status, { ...headers, "content-length": String(bytes) });
    // Text that is all ASCII is the same in Latin-1, which Node writes faster.
    outgoing.end(body, bytes === body.length ? "latin1" : "utf8");
  } else {
    outgoing.writeHead(status, headers).flushHeaders();
    sendPieces(body, outgoing).catch((error) => {
      console.error(error);
      // Cut off, so that the client doesn't take what came for the whole.
      outgoing.destroy();
    });
  }
}

/** Send pieces as fast as the client takes them; from who leaves no more are asked for. */
async function sendPieces(
  pieces: AsyncIterable<Uint8Array>,
  outgoing: ServerResponse,
): Promise<void> {
  // Node doesn't tell a write that waits when the client leaves.
  const left = new Promise((resolve) => outgoing.once("close", resolve));
  for await (const piece of pieces) {
    // The next piece may come in the memory of this one.
    const written = new Promise((resolve) => outgoing.write(piece, resolve));
    await Promise.race([written, left]);
    if (outgoing.destroyed) break;
  }
  outgoing.end();
}

/** Read what is left of a body for a moment, so that the connection can be used again. */
function drain(incoming: IncomingMessage): void {
  if (incoming.readableEnded || incoming.destroyed) return;
  const timer = setTimeout(() => incoming.destroy(), drainMilliseconds);
  incoming.once("close", () => clearTimeout(timer)).resume();
}
