import { open } from "node:fs/promises";
import type { Context } from "hono";
import { piecesOf } from "./pieces.ts";
import { reply } from "./reply.ts";

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
  if (c.req.method !== "HEAD") return reply(piecesOf(handle, size), all);
  await handle.close();
  return reply(null, all);
}

/** Pieces as a reply, made while they are sent. */
export function piecesReply(
  c: Context,
  pieces: AsyncIterable<Buffer>,
  headers: Record<string, string>,
): Response {
  return reply(c.req.method === "HEAD" ? null : pieces, { ...inert, ...headers });
}

/** Bytes at hand as a reply. */
export function bytesReply(bytes: Buffer, headers: Record<string, string>): Response {
  const all = { ...inert, "content-length": String(bytes.length), ...headers };
  return reply(bytes, all);
}
