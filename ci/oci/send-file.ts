import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { Busy } from "./patience.ts";

/**
 * A request whose body is a file of any size. `fetch` would hold all of it in memory.
 * Throws Busy for a connection that broke.
 */
export async function sendFile(
  url: string,
  method: string,
  headers: Record<string, string>,
  file: string,
): Promise<Response> {
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  const { size } = await stat(file);
  const sending = request(url, { method, headers: { ...headers, "content-length": String(size) } });
  try {
    const replying = once(sending, "response") as Promise<[IncomingMessage]>;
    // A reply may come before all is sent, and then says why.
    pipeline(createReadStream(file), sending).catch(() => {});
    const [reply] = await replying;
    const content = await text(reply);
    return new Response(content || null, {
      status: reply.statusCode ?? 0,
      headers: Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
    });
  } catch (error) {
    const isOfFile = (error as NodeJS.ErrnoException).path !== undefined;
    throw isOfFile ? error : new Busy(String(error));
  }
}
