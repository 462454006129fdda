/** Reads HTTP/1.1 replies out of a connection's chunks and drops their bodies, at little cost. */
export class ReplyReader {
  #head: Buffer = Buffer.alloc(0);
  #state: "head" | "length" | "chunks" | "end" = "head";
  /** Bytes of the body, or of the current chunk with its line break, that are still to come. */
  #left = 0;
  #isLastChunk = false;
  status = 0;
  /** Whether the server keeps the connection. */
  keeps = true;

  /** Whether this chunk completes the reply. */
  push(chunk: Buffer): boolean {
    let rest: Buffer | undefined = chunk;
    while (rest && rest.length > 0) {
      if (this.#state === "head") rest = this.#readHead(rest);
      else if (this.#state === "chunks" && this.#left === 0) rest = this.#readChunkSize(rest);
      else rest = this.#skip(rest);
      if (this.#isComplete()) return true;
    }
    return false;
  }

  /** Whether the end of the connection completes the reply. */
  end(): boolean {
    return this.#state === "end";
  }

  reset(): void {
    this.#head = Buffer.alloc(0);
    this.#state = "head";
    this.#left = 0;
    this.#isLastChunk = false;
  }

  #isComplete(): boolean {
    if (this.#left > 0) return false;
    return this.#state === "length" || (this.#state === "chunks" && this.#isLastChunk);
  }

  #readHead(bytes: Buffer): Buffer | undefined {
    const all = this.#head.length > 0 ? Buffer.concat([this.#head, bytes]) : bytes;
    const end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      this.#head = all;
      return undefined;
    }
    const head = all.toString("latin1", 0, end).toLowerCase();
    this.#head = Buffer.alloc(0);
    this.status = Number(head.slice(9, 12));
    this.keeps = head.startsWith("http/1.1") && !head.includes("\r\nconnection: close");
    const length = /\r\ncontent-length: *(\d+)/.exec(head);
    if (head.includes("\r\ntransfer-encoding: chunked")) this.#state = "chunks";
    else this.#state = length ? "length" : "end";
    this.#left = Number(length?.[1] ?? 0);
    return all.subarray(end + 4);
  }

  #readChunkSize(bytes: Buffer): Buffer | undefined {
    const all = this.#head.length > 0 ? Buffer.concat([this.#head, bytes]) : bytes;
    const end = all.indexOf("\r\n");
    if (end < 0) {
      this.#head = all;
      return undefined;
    }
    this.#head = Buffer.alloc(0);
    const size = Number.parseInt(all.toString("latin1", 0, end), 16);
    this.#isLastChunk = size === 0;
    this.#left = size + 2;
    return all.subarray(end + 2);
  }

  #skip(bytes: Buffer): Buffer | undefined {
    if (this.#state === "end") return undefined;
    const skipped = Math.min(this.#left, bytes.length);
    this.#left -= skipped;
    return bytes.subarray(skipped);
  }
}
