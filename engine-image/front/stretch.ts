import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Content, RequestFolder } from "./intake.ts";

/** The bytes from `start` up to `end` of a body. */
export interface Stretch {
  content: Content;
  start: number;
  end: number;
}

/** Bytes of a body. */
export async function sizeOf(content: Content): Promise<number> {
  return "path" in content ? (await stat(content.path)).size : content.length;
}

/** A stretch in memory. */
export async function take({ content, start, end }: Stretch): Promise<Buffer> {
  if (!("path" in content)) return content.subarray(start, end);
  const chunks: Buffer[] = [];
  for await (const chunk of read(content.path, start, end)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A stretch on its own, in memory or in a file as the whole is. */
export async function cut(
  { content, start, end }: Stretch,
  folder: RequestFolder,
): Promise<Content> {
  if (!("path" in content)) return content.subarray(start, end);
  const file = await folder.newFile();
  await pipeline(read(content.path, start, end), file);
  return { path: String(file.path) };
}

function read(path: string, start: number, end: number) {
  // The stream's end is the last byte, so it has no way to say that there is none.
  return end > start ? createReadStream(path, { start, end: end - 1 }) : [];
}
