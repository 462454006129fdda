import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { FrameReader, writeFrame } from "./frames.ts";
import { Lines } from "./lines.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

export interface WorkerCommand {
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
}

export interface WorkerEvents {
  message(message: FromWorker, body: Buffer): void;
  /** What the process prints, in whole lines. */
  lines(lines: string[]): void;
  /** The process ended, and nothing more comes of it. */
  ended(how: string): void;
}

/** One life of the Python worker: spawn it, listen on its socket, tell when it is gone. */
export class WorkerProcess {
  readonly #events: WorkerEvents;
  readonly #server: Server;
  readonly #child: ChildProcess;
  #socket: Socket | undefined;
  #over = false;

  /** Listen on `socketPath` and start the command, which gets `--socket` and the path. */
  static async start(
    socketPath: string,
    command: WorkerCommand,
    events: WorkerEvents,
  ): Promise<WorkerProcess> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socketPath, resolve);
    });
    return new WorkerProcess(server, socketPath, command, events);
  }

  private constructor(
    server: Server,
    socketPath: string,
    command: WorkerCommand,
    events: WorkerEvents,
  ) {
    this.#events = events;
    this.#server = server;
    server.once("connection", (socket) => this.#connect(socket));
    this.#child = spawn(command.command, [...command.args, "--socket", socketPath], {
      env: command.env,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: ^C in a terminal reaches the front alone, and `kill` reaches all
      // processes that the model's code started.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) splitLines(stream, (lines) => events.lines(lines));
    this.#child.once("error", (error) => this.#end(`could not start: ${error.message}`));
    this.#child.once("exit", (code, signal) =>
      this.#end(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether a message would get there, as far as is known. */
  get isReachable(): boolean {
    return this.#socket?.writable ?? false;
  }

  /** Send a message. One that comes too late is dropped: `ended` says the rest. */
  send(message: ToWorker, body?: Buffer): void {
    const socket = this.#socket;
    if (!socket?.writable) return;
    // What comes in one turn of the event loop goes to the system, and wakes the worker, together.
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    writeFrame(socket, message, body);
  }

  /** End the process and all that it started, at once. */
  kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }

  #connect(socket: Socket): void {
    this.#socket = socket;
    this.#server.close();
    const reader = new FrameReader();
    socket.on("data", (chunk) => {
      try {
        for (const { header, body } of reader.push(chunk))
          this.#events.message(header as FromWorker, body);
      } catch (error) {
        this.#events.lines([`modelhub: ${(error as Error).message}`]);
        this.kill();
      }
    });
    socket.on("error", () => {});
    // A worker that hung up can't be reached again.
    socket.once("close", () => this.kill());
  }

  async #end(how: string): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    // Children of the process may outlive it and hold its pipes open.
    this.kill();
    // The last frames and lines may still be on their way.
    await Promise.race([this.#drained(), delay(500)]);
    this.#socket?.destroy();
    this.#server.close();
    this.#events.ended(how);
  }

  async #drained(): Promise<void> {
    const { stdout, stderr } = this.#child;
    const streams = [stdout, stderr, this.#socket].filter((stream) => stream && !stream.destroyed);
    await Promise.all(
      streams.map((stream) => new Promise((resolve) => stream?.once("close", resolve))),
    );
  }
}

function splitLines(stream: NodeJS.ReadableStream, give: (lines: string[]) => void): void {
  const lines = new Lines();
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => give(lines.push(text)));
  stream.on("end", () => give(lines.flush()));
}
