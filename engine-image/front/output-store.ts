import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { OutputFile } from "./worker.ts";

const keptSeconds = 15 * 60;
const keptBytes = 2 * 2 ** 30;

/** A file of a result: where it lies, how it is asked for, and what it holds. */
export interface StoredFile {
  path: string;
  address: string;
  mediaType: string;
  bytes: number;
}

interface Stored {
  folder: string;
  files: Map<string, StoredFile>;
  bytes: number;
  until: number;
}

/** Files of results: found by request and name, gone after 15 minutes or, oldest first, for room. */
export class OutputStore {
  readonly #folder: string;
  readonly #results = new Map<string, Stored>();
  readonly #maxBytes: number;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parent: string, maxBytes = keptBytes) {
    this.#folder = join(parent, "outputs");
    this.#maxBytes = maxBytes;
  }

  /** Take the files of a result over from the request's folder. Returns them by output. */
  async keep(requestId: string, files: OutputFile[]): Promise<Map<string, StoredFile>> {
    const folder = join(this.#folder, requestId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stored: Stored = { folder, files: new Map(), bytes: 0, until: 0 };
    const byOutput = new Map<string, StoredFile>();
    for (const file of files) {
      if (!("path" in file)) continue;
      const name = basename(file.file);
      const path = join(folder, name);
      await rename(file.path, path);
      const address = `/api/output/${requestId}/${encodeURIComponent(name)}`;
      const { size } = await stat(path);
      const entry = { path, address, mediaType: file.mediaType, bytes: size };
      stored.bytes += size;
      stored.files.set(name, entry);
      byOutput.set(file.name, entry);
    }
    stored.until = Date.now() + keptSeconds * 1000;
    this.#results.set(requestId, stored);
    this.#bytes += stored.bytes;
    this.#sweep();
    return byOutput;
  }

  /** The file of that name, or nothing when there is none any more. */
  find(requestId: string, name: string): StoredFile | undefined {
    this.#sweep();
    return this.#results.get(requestId)?.files.get(name);
  }

  /** Remove what is too old, and the oldest while all together are too large. */
  #sweep(): void {
    clearTimeout(this.#timer);
    // A map goes through its entries in the order in which they came.
    for (const [id, { folder, bytes, until }] of this.#results) {
      if (until > Date.now() && this.#bytes <= this.#maxBytes) break;
      this.#results.delete(id);
      this.#bytes -= bytes;
      // Whoever reads one of them has it open and reads on.
      rm(folder, { recursive: true, force: true }).catch(() => {});
    }
    const [oldest] = this.#results.values();
    if (!oldest) return;
    this.#timer = setTimeout(() => this.#sweep(), Math.max(1000, oldest.until - Date.now()));
    this.#timer.unref();
  }
}
