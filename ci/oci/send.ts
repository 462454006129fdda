import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { Busy } from "./patience.ts";

/** What we read of a reply. */
export interface HttpReply extends Pick<Response, "url" | "status" | "ok" | "body" | "text"> {
  headers: Pick<Headers, "get" | "has">;
}

export type Body = string | { file: string };

const plain = { request: httpRequest, agent: new HttpAgent({ keepAlive: true }) };
const encrypted = { request: httpsRequest, agent: new HttpsAgent({ keepAlive: true }) };

/**
 * A request whose reply is short, for half the processor time of `fetch`: an engine release makes many
 * of them for each model. A body may be a file of any size, all of which `fetch` would hold in memory.
 * Throws Busy for a connection that broke.
 */
export async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: Body = "",
): Promise<HttpReply> {
  const { request, agent } = url.startsWith("https:") ? encrypted : plain;
  const size = typeof body === "string" ? Buffer.byteLength(body) : (await stat(body.file)).size;
  const hasBody = method !== "GET" && method !== "HEAD";
  const length = hasBody ? { "content-length": String(size) } : {};
  try {
    const sending = request(url, { method, agent, headers: { ...headers, ...length } });
    // A connection may break once more after its reply has begun, which says so itself.
    sending.on("error", () => {});
    const replying = once(sending, "response") as Promise<[IncomingMessage]>;
    if (typeof body === "string") sending.end(body);
    // A reply may come before all is sent, and then says why.
    else pipeline(createReadStream(body.file), sending).catch(() => {});
    const [reply] = await replying;
    return replyOf(url, reply, await text(reply));
  } catch (error) {
    const { path, code } = error as NodeJS.ErrnoException;
    // Where a name has several addresses, the error's own text says nothing.
    throw path === undefined ? new Busy(code ?? String(error)) : error;
  }
}

function replyOf(
  url: string,
  { statusCode = 0, headers }: IncomingMessage,
  content: string,
): HttpReply {
  const get = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : (value ?? null);
  };
  return {
    url,
    status: statusCode,
    ok: statusCode >= 200 && statusCode < 300,
    headers: { get, has: (name) => headers[name] !== undefined },
    body: null,
    text: async () => content,
  };
}
