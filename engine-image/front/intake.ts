import { randomUUID } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";

/** A folder for the files of one request: made with the first, removed with all of them. */
export class RequestFolder {
  readonly path: string;
  readonly #files: WriteStream[] = [];
  #made: Promise<unknown> | undefined;

  constructor(parent: string, requestId: string) {
    this.path = `${parent}/${requestId}`;
  }

  async make(): Promise<void> {
    this.#made ??= mkdir(this.path, { mode: 0o700 });
    await this.#made;
  }

  /** Somebody else may have made it. */
  mayExist(): void {
    this.#made ??= Promise.resolve();
  }

  async newFile(): Promise<WriteStream> {
    await this.make();
    // Names are ours: what a client calls its file never reaches the disk.
    const file = createWriteStream(join(this.path, randomUUID()), { flags: "wx", mode: 0o600 });
    this.#files.push(file);
    return file;
  }

  async remove(): Promise<void> {
    if (!this.#made) return;
    for (const file of this.#files) file.destroy();
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Bytes in memory, or the file that holds them. */
export type Content = Buffer | { path: string };

/** A request's body on a socket, or as a test has it. */
export type Body = Readable & { headers?: IncomingHttpHeaders };

/** All of a body, as `Intake` has it. */
export async function takeBody(
  body: Body,
  folder: RequestFolder,
  limits: Pick<Limits, "bodyBytes" | "memoryBytes">,
  refuse?: () => Problem,
): Promise<Content> {
  const whole = await wholeBody(body, limits);
  return whole ?? new Intake(body, folder, limits, refuse).collect(body);
}

/** All of a body that came together with its head, as small ones do; nothing of another one. */
export async function wholeBody(
  body: Body,
  { bodyBytes }: Pick<Limits, "bodyBytes">,
): Promise<Buffer | undefined> {
  // The parser of the head goes on with the body when this turn is over.
  await undefined;
  const { headers, readableLength } = body;
  if (readableLength !== Number(headers?.["content-length"])) return undefined;
  if (readableLength > bodyBytes) return undefined;
  const whole = body.read() ?? Buffer.alloc(0);
  // The end comes to who reads on.
  body.resume();
  return whole;
}

/** A request's body on its way in: counted as it comes, in memory while it is small, else in files. */
export class Intake {
  readonly source: Readable;
  readonly #folder: RequestFolder;
  readonly #limits: Pick<Limits, "bodyBytes" | "memoryBytes">;
  readonly #stops = new Set<(problem: Problem) => void>();
  #problem: Problem | undefined;
  #bytes = 0;
  #held = 0;

  /** `limits` may be tighter than the server's; `refuse` then tells a client that it sent more. */
  constructor(
    source: Readable,
    folder: RequestFolder,
    limits: Pick<Limits, "bodyBytes" | "memoryBytes">,
    refuse: () => Problem = () => tooLarge(limits),
  ) {
    this.source = source;
    this.#folder = folder;
    this.#limits = limits;
    source.on("data", (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes > limits.bodyBytes) this.fail(refuse());
    });
    source.once("error", () => this.fail(cutOff()));
    const closed = () => {
      if (!source.readableEnded) this.fail(cutOff());
    };
    // The client may have left before anybody asked for its body.
    if (source.closed) closed();
    else source.once("close", closed);
  }

  /** Give the body up: everything that waits for it gets the problem. */
  fail(problem: Problem): void {
    if (this.#problem) return;
    this.#problem = problem;
    this.source.unpipe();
    for (const stop of this.#stops) stop(problem);
  }

  /** Call `stop` when the body is given up. */
  onFail(stop: (problem: Problem) => void): void {
    if (this.#problem) stop(this.#problem);
    else this.#stops.add(stop);
  }

  /** All of a stream, which is the body or a part of it. */
  collect(stream: Readable): Promise<Content> {
    const chunks: Buffer[] = [];
    let size = 0;
    return new Promise<Content>((resolve, reject) => {
      const onData = (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        this.#held += chunk.length;
        if (this.#held <= this.#limits.memoryBytes) return;
        this.#held -= size;
        stop();
        stream.pause();
        resolve(this.#spill(stream, chunks));
      };
      const onEnd = () => {
        stop();
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      };
      const stop = () => stream.off("data", onData).off("end", onEnd);
      stream.on("data", onData).on("end", onEnd);
      this.onFail((problem) => {
        stop();
        reject(problem);
      });
    });
  }

  async #spill(stream: Readable, chunks: Buffer[]): Promise<Content> {
    const file = await this.#folder.newFile();
    for (const chunk of chunks) file.write(chunk);
    return new Promise((resolve, reject) => {
      const onData = (chunk: Buffer) => {
        if (file.write(chunk)) return;
        stream.pause();
        file.once("drain", () => stream.resume());
      };
      const stop = () => stream.off("data", onData);
      file.once("error", () => this.fail(noSpace()));
      stream.on("data", onData).once("end", () => {
        stop();
        file.end(() => resolve({ path: String(file.path) }));
      });
      this.onFail((problem) => {
        stop();
        reject(problem);
      });
      stream.resume();
    });
  }
}

/** The problem of a body that is larger than the server takes. */
export function tooLarge(limits: Pick<Limits, "bodyBytes">): Problem {
  return new Problem(
    "too_large",
    `A request may hold ${limits.bodyBytes} bytes, and this one holds more. Send a smaller file, or start the server with MODELHUB_MAX_BODY set to more bytes.`,
    { headers: { connection: "close" } },
  );
}

function noSpace(): Problem {
  return new Problem(
    "no_space",
    "The server has no room to keep the upload while the model reads it. Try again later, or give the container a larger /tmp.",
    { headers: { connection: "close" } },
  );
}

function cutOff(): Problem {
  return new Problem(
    "malformed_request",
    "The connection ended before the body did. Send the request again.",
  );
}
