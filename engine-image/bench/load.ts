import { connect, type Socket } from "node:net";
import { ReplyReader } from "./reply-reader.ts";

/** A request that is sent again and again, over a number of connections at once. */
export interface Load {
  port: number;
  /** The request, byte for byte. */
  request: Buffer;
  connections: number;
  /** After the first request of a connection, none is begun after this time. */
  seconds: number;
}

export interface LoadResult {
  succeeded: number;
  /** Replies other than 200, and connections that broke, by what came. */
  failures: Record<string, number>;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

// Run as a process of its own, it gets loads and answers with results, one after the other.
process.on("message", async (load: Load) => process.send?.(await send(load)));

async function send(load: Load): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const failures: Record<string, number> = {};
  const start = performance.now();
  const end = start + load.seconds * 1000;
  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const client = new Client(load.port);
      do {
        const sent = performance.now();
        const outcome = await client.send(load.request);
        if (outcome === "200") milliseconds.push(performance.now() - sent);
        else failures[outcome] = (failures[outcome] ?? 0) + 1;
      } while (performance.now() < end);
      client.close();
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  milliseconds.sort((a, b) => a - b);
  const percentile = (share: number) => milliseconds[Math.floor(milliseconds.length * share)] ?? 0;
  const [p50Ms, p99Ms] = [percentile(0.5), percentile(0.99)];
  return { succeeded: milliseconds.length, failures, seconds, p50Ms, p99Ms };
}

/** One connection, opened again whenever the server closed it. */
class Client {
  readonly #port: number;
  readonly #reply = new ReplyReader();
  #socket: Socket | undefined;
  #settle: (outcome: string) => void = () => {};

  constructor(port: number) {
    this.#port = port;
  }

  /** Resolves to the reply's status, or to how the connection broke. */
  send(request: Buffer): Promise<string> {
    this.#reply.reset();
    this.#socket ??= this.#open();
    this.#socket.write(request);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    socket.on("data", (chunk) => {
      if (socket === this.#socket && this.#reply.push(chunk)) this.#finish();
    });
    socket.on("end", () => {
      if (socket !== this.#socket) return;
      if (this.#reply.end()) this.#finish();
      else this.#break("closed early");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (socket === this.#socket) this.#break(error.code ?? error.message);
    });
    return socket;
  }

  #finish(): void {
    if (!this.#reply.keeps) this.close();
    this.#settle(String(this.#reply.status));
  }

  #break(how: string): void {
    this.close();
    this.#settle(how);
  }
}
