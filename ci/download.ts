import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { type ContributionError, RetryError } from "./errors.ts";

/** The error of an address that doesn't give the file that its author says it does. */
type Refuse = (expected: string, got: string, hint?: string) => ContributionError;

/**
 * Writes what an https address gives to a file. Throws RetryError where the network or the host failed,
 * and what `refuse` makes of any other reply than a file of at most so many bytes.
 */
export async function download(
  url: string,
  file: string,
  maxBytes: number,
  refuse: Refuse,
): Promise<void> {
  const response = await reply(url, refuse);
  const { status, url: address, body } = response;
  if (status >= 500 || status === 429) throw new RetryError(`${url} answered ${status}`);
  if (!response.ok || !body || !address.startsWith("https://"))
    throw refuse(answer, `${status} from ${address}`, statusHints[status]);
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? refuse(`at most ${maxBytes} bytes`, "more") : null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body as ReadableStream), counted, createWriteStream(file));
  } catch (error) {
    // So says `fetch` of a connection that broke within a reply.
    if (error instanceof TypeError)
      throw new RetryError(`${url} broke off after ${bytes} bytes: ${causeOf(error)}`);
    throw error;
  }
}

const answer = "an https address that answers 200";
const accessHint = "it has to answer anyone, without a login: `curl --location --head` shows how";
const statusHints: Partial<Record<number, string>> = {
  401: accessHint,
  403: accessHint,
  404: "correct the address: `curl --location --head` shows what it answers",
};

async function reply(url: string, refuse: Refuse): Promise<Response> {
  try {
    return await fetch(url);
  } catch (error) {
    const cause = causeOf(error);
    if (cause === "redirect count exceeded") throw refuse(answer, `redirects without end, ${url}`);
    throw new RetryError(`${url} could not be reached: ${cause}`);
  }
}

/** What `fetch` keeps behind its "fetch failed". */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? cause.message : message;
}
