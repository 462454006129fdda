import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Unreadable } from "./unreadable.ts";

const pageBytes = 64 * 1024;
// Longer texts are no names, and all names of the largest networks take some megabytes.
const mostTextBytes = 1024;
const mostTextsBytes = 32_000_000;

/**
 * A file read where one asks for it, a page at a time: weights are passed over, so a file of any
 * size takes as little memory as a small one.
 */
export class FileBytes {
  readonly length: number;
  readonly #file: number;
  readonly #page = Buffer.alloc(pageBytes);
  #start = 0;
  #end = 0;
  #textsBytes = 0;

  private constructor(file: number) {
    this.#file = file;
    this.length = fstatSync(file).size;
  }

  /** What `read` makes of the file, which is open only so long. */
  static with<Result>(path: string, read: (file: FileBytes) => Result): Result {
    const file = openSync(path, "r");
    try {
      return read(new FileBytes(file));
    } finally {
      closeSync(file);
    }
  }

  byte(at: number): number {
    if (at < this.#start || at >= this.#end) this.#load(at);
    return this.#page[at - this.#start] ?? 0;
  }

  bytes(start: number, end: number): Buffer {
    if (end > this.length) throw new Unreadable("The file ends too early.");
    const part = Buffer.alloc(end - start);
    for (let at = start; at < end; ) at += readSync(this.#file, part, at - start, end - at, at);
    return part;
  }

  /** A name; control characters would only confuse those who read it. */
  text(start: number, end: number): string {
    if (end - start > mostTextBytes)
      throw new Unreadable(`A name in the file is longer than ${mostTextBytes} bytes.`);
    this.#textsBytes += end - start;
    if (this.#textsBytes > mostTextsBytes)
      throw new Unreadable(`The names in the file take more than ${mostTextsBytes / 1e6} MB.`);
    const text = this.bytes(start, end).toString("utf8");
    return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, "\ufffd");
  }

  #load(at: number): void {
    if (at >= this.length) throw new Unreadable("The file ends too early.");
    this.#start = at;
    this.#end = at + readSync(this.#file, this.#page, 0, pageBytes, at);
  }
}
