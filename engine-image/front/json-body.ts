import { type RequestFolder, takeBody, tooLarge } from "./intake.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import type { Upload } from "./upload.ts";

const maxBytes = 8 * 2 ** 20;
const maxDepth = 32;

/** The request's body as JSON. Raises 413 beyond 8 MiB, 400 for what can't be read. */
export async function readJson(
  { stream, headers }: Upload,
  folder: RequestFolder,
  limits: Limits,
): Promise<unknown> {
  const bodyBytes = Math.min(maxBytes, limits.bodyBytes);
  const refuse = () => (bodyBytes < maxBytes ? tooLarge(limits) : jsonTooLarge());
  if (Number(headers["content-length"] ?? 0) > bodyBytes) throw refuse();
  const inMemory = { bodyBytes, memoryBytes: bodyBytes };
  return parseJson((await takeBody(stream, folder, inMemory, refuse)) as Buffer);
}

/** Bytes as JSON. Raises 400 for what is none, or nested too deep; 413 beyond 8 MiB. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length > maxBytes) throw jsonTooLarge();
  if (isDeep(bytes))
    throw malformed(
      `The JSON is nested more than ${maxDepth} levels deep; no input of a model is.`,
    );
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw malformed(`The body can't be read as JSON (${(error as Error).message}).`);
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** Whether the nesting goes too deep. Looked at before parsing, which would build it all. */
function isDeep(bytes: Buffer): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at);
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(quote, start + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(quote, end + 1);
  return end === -1 ? bytes.length : end;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let first = at;
  while (bytes[first - 1] === backslash) first -= 1;
  return (at - first) % 2 === 1;
}

function jsonTooLarge(): Problem {
  return new Problem(
    "too_large",
    `A body of JSON may hold ${maxBytes} bytes, and this one holds more. Send large inputs as files, or as binary tensors.`,
    { headers: { connection: "close" } },
  );
}

function malformed(detail: string): Problem {
  return new Problem("malformed_request", detail);
}
