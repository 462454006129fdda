import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { reply } from "./reply.ts";

// Each piece costs about as much as its bytes where pieces are of 64 kB, which is the default.
export const pieceBytes = 2 ** 20;

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
  const stream = c.req.method === "HEAD" ? null : streamOf(handle);
  return reply(stream, all);
}

/** Pieces as a reply, made while they are sent. */
export function piecesReply(
  c: Context,
  pieces: () => AsyncIterable<Buffer>,
  headers: Record<string, string>,
): Response {
  const stream = c.req.method === "HEAD" ? null : toWeb(Readable.from(pieces()));
  return reply(stream, { ...inert, ...headers });
}

/** Bytes at hand as a reply. */
export function bytesReply(bytes: Buffer, headers: Record<string, string>): Response {
  const all = { ...inert, "content-length": String(bytes.length), ...headers };
  return reply(bytes, all);
}

/** A file's bytes as a stream, and the file, for who reads it at less cost. */
export type FileStream = ReadableStream<Uint8Array> & { handle: FileHandle };

/** The file's bytes, read as they are wanted; at their end the file is closed. Node's own adapter copies. */
function streamOf(handle: FileHandle): FileStream {
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = Buffer.allocUnsafeSlow(pieceBytes);
        const { bytesRead } = await handle.read(piece, 0, pieceBytes);
        if (bytesRead > 0) return controller.enqueue(piece.subarray(0, bytesRead));
        await handle.close();
        controller.close();
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
  return Object.assign(stream, { handle });
}

function toWeb(stream: Readable): ReadableStream {
  return Readable.toWeb(stream) as ReadableStream;
}
