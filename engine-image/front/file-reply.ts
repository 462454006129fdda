import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import type { Context } from "hono";

// A file of somebody else's may be a page or a picture with a script: browsers shall run neither.
const inert = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
};

/** A file as a reply. The file may be removed as soon as this resolves. */
export async function fileReply(
  c: Context,
  path: string,
  headers: Record<string, string>,
): Promise<Response> {
  const handle = await open(path);
  const { size } = await handle.stat();
  const all = { ...inert, "content-length": String(size), ...headers };
  if (c.req.method === "HEAD") await handle.close();
  const stream = c.req.method === "HEAD" ? null : toWeb(handle.createReadStream());
  return new Response(stream, { headers: all });
}

/** Pieces as a reply, made while they are sent. */
export function piecesReply(
  c: Context,
  pieces: () => AsyncIterable<Buffer>,
  headers: Record<string, string>,
): Response {
  const stream = c.req.method === "HEAD" ? null : toWeb(Readable.from(pieces()));
  return new Response(stream, { headers: { ...inert, ...headers } });
}

/** Bytes at hand as a reply. */
export function bytesReply(bytes: Buffer, headers: Record<string, string>): Response {
  const all = { ...inert, "content-length": String(bytes.length), ...headers };
  return new Response(new Uint8Array(bytes), { headers: all });
}

function toWeb(stream: Readable): ReadableStream {
  return Readable.toWeb(stream) as ReadableStream;
}
