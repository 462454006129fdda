import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fromWorker, Problem, type WorkerError } from "./problem.ts";
import type { FromWorker, InputHeader, Settled } from "./protocol.ts";
import { Queue, type Work } from "./queue.ts";
import type { InferInputs, InferResult, Worker, WorkerStatus } from "./worker.ts";
import { type WorkerCommand, WorkerProcess } from "./worker-process.ts";

export interface SupervisorOptions {
  command: WorkerCommand;
  /** Private folder for the worker's socket. */
  folder: string;
  queue: number;
  timeoutSeconds: number;
  /** Time that a cancelled prediction gets before its process is killed. */
  graceSeconds: number;
  /** Called at each change of the status. */
  changed(status: WorkerStatus): void;
  /** What the model prints. */
  log(line: string): void;
}

interface Running {
  id: string;
  resolve(result: InferResult): void;
  reject(problem: Problem): void;
  free(): void;
}

const maxFailedLoads = 3;
const keptLines = 20;
// A worker that dies young again and again is given more and more time between two starts.
const backOffSeconds = [0.1, 0.5, 2, 5, 10];
const longLifeSeconds = 60;

/** Keeps a worker running, gives it one prediction at a time, and starts it again when it dies. */
export class Supervisor implements Worker {
  readonly #options: SupervisorOptions;
  readonly #queue: Queue;
  #status: WorkerStatus = { state: "loading" };
  #process: WorkerProcess | undefined;
  #running: Running | undefined;
  #lives = 0;
  #failedLoads = 0;
  #losses = 0;
  #startedAt = 0;
  #setupError: WorkerError | undefined;
  #python = "";
  #lastLines: string[] = [];
  #ended: (() => void) | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#queue = new Queue(options.queue);
  }

  get status(): WorkerStatus {
    return this.#status;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get refusal(): Problem | undefined {
    if (this.#status.state === "ready") return this.#queue.refusal;
    if (this.#status.state === "failed") return this.#status.problem;
    if (this.#status.state === "stopping") return stopping();
    return loading();
  }

  /** Start the worker. Resolves when the process runs, which is before the model is loaded. */
  async start(): Promise<void> {
    this.#lives += 1;
    this.#startedAt = performance.now();
    this.#setupError = undefined;
    this.#lastLines = [];
    const socket = join(this.#options.folder, `worker-${this.#lives}.sock`);
    this.#process = await WorkerProcess.start(socket, this.#options.command, {
      message: (message) => this.#receive(message),
      lines: (lines) => this.#keep(lines),
      ended: (how) => this.#onEnded(how),
    });
  }

  infer(id: string, inputs: InferInputs, signal: AbortSignal): Promise<InferResult> {
    const refusal = this.refusal;
    if (refusal) return Promise.reject(refusal);
    return this.#queue.run(() => this.#begin(id, inputs, signal), signal);
  }

  /** Take no more work, let what runs finish within `finishSeconds`, then end the worker. */
  async stop(finishSeconds: number): Promise<void> {
    this.#setStatus({ state: "stopping" });
    if (!this.#running) this.#queue.refuseAll(stopping());
    await Promise.race([this.#queue.idle(), delay(finishSeconds * 1000)]);
    this.#queue.pause();
    this.#queue.refuseAll(stopping());
    this.#running?.reject(stopping());
    if (!this.#process) return;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.#process.send({ type: "stop" });
    await Promise.race([ended, delay(700)]);
    this.#process?.kill();
  }

  /** End the worker at once, when this process can't wait. */
  kill(): void {
    this.#process?.kill();
  }

  #begin(id: string, inputs: InferInputs, signal: AbortSignal): Work<InferResult> {
    const answer = Promise.withResolvers<InferResult>();
    const free = Promise.withResolvers<void>();
    const cancel = () => this.#process?.send({ type: "cancel", id });
    const tooLong = setTimeout(() => {
      answer.reject(timeout(this.#options.timeoutSeconds));
      cancel();
      kill = setTimeout(() => this.#process?.kill(), this.#options.graceSeconds * 1000);
    }, this.#options.timeoutSeconds * 1000);
    let kill: NodeJS.Timeout | undefined;
    // A client that leaves doesn't cost the others a reload: its prediction is asked to stop, and
    // only the time limit ends the process.
    const gone = () => {
      answer.reject(new Problem("client_gone", "The client went away."));
      cancel();
    };
    signal.addEventListener("abort", gone);
    this.#running = {
      id,
      resolve: answer.resolve,
      reject: answer.reject,
      free: () => {
        clearTimeout(tooLong);
        clearTimeout(kill);
        signal.removeEventListener("abort", gone);
        this.#running = undefined;
        free.resolve();
      },
    };
    const { headers, body } = toFrame(inputs);
    this.#process?.send({ type: "infer", id, inputs: headers }, body);
    return { answer: answer.promise, free: free.promise };
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "hello":
        this.#python = message.python;
        break;
      case "ready":
        this.#onReady(message.seconds);
        break;
      case "setup_failed":
        this.#setupError = message.error;
        this.#lastLines = lastLines(message.log.split("\n"));
        this.#process?.kill();
        break;
      case "log":
        this.#keep(message.text.replace(/\n$/, "").split("\n"));
        break;
      case "result":
      case "error":
        this.#settle(message);
    }
  }

  #onReady(loadSeconds: number): void {
    this.#failedLoads = 0;
    if (this.#status.state !== "loading") return;
    this.#setStatus({ state: "ready", python: this.#python, loadSeconds });
    this.#queue.resume();
  }

  #settle(message: Settled): void {
    const running = this.#running;
    if (running?.id !== message.id) return;
    this.#losses = 0;
    if (message.type === "error") running.reject(fromWorker(message.error));
    else running.resolve({ outputs: message.outputs, seconds: message.seconds });
    running.free();
  }

  async #onEnded(how: string): Promise<void> {
    this.#process = undefined;
    this.#queue.pause();
    this.#running?.reject(lost(how));
    this.#running?.free();
    this.#ended?.();
    if (this.#status.state === "stopping") return;
    this.#options.log(`modelhub: the worker ${how}`);
    if (this.#status.state === "loading") this.#failedLoads += 1;
    if (this.#failedLoads >= maxFailedLoads) return this.#giveUp(how);
    this.#setStatus({ state: "loading" });
    if (performance.now() - this.#startedAt > longLifeSeconds * 1000) this.#losses = 0;
    const seconds = backOffSeconds[Math.min(this.#losses, backOffSeconds.length - 1)] ?? 10;
    this.#losses += 1;
    await delay(seconds * 1000, undefined, { ref: false });
    if (this.#status.state === "loading") await this.start();
  }

  #giveUp(how: string): void {
    const reason = this.#setupError?.detail ?? `The worker ${how}.`;
    const summary = `The model could not be loaded in ${maxFailedLoads} attempts. ${reason}`;
    this.#options.log(`modelhub: ${summary}`);
    const problem = new Problem(
      "setup_failed",
      `${summary} The last lines of its log:\n${this.#lastLines.join("\n")}`,
    );
    this.#setStatus({ state: "failed", problem });
    this.#queue.refuseAll(problem);
  }

  #setStatus(status: WorkerStatus): void {
    this.#status = status;
    this.#options.changed(status);
  }

  #keep(lines: string[]): void {
    this.#lastLines = lastLines([...this.#lastLines, ...lines]);
    for (const line of lines) this.#options.log(line);
  }
}

function lastLines(lines: string[]): string[] {
  return lines.filter(Boolean).slice(-keptLines);
}

/** The inputs as the infer frame names them, and the one that travels as its body. */
function toFrame(inputs: InferInputs): { headers: Record<string, InputHeader>; body?: Buffer } {
  const headers: Record<string, InputHeader> = {};
  let body: Buffer | undefined;
  for (const [id, input] of Object.entries(inputs)) {
    if ("body" in input) body = input.body;
    headers[id] = "body" in input ? { mediaType: input.mediaType, body: true } : input;
  }
  return body ? { headers, body } : { headers };
}

function loading(): Problem {
  return new Problem(
    "loading",
    "The model is loading. Try again in 2 s, or ask /health/ready whether it is there.",
    { headers: { "retry-after": "2" } },
  );
}

function timeout(seconds: number): Problem {
  return new Problem(
    "timeout",
    `The prediction took longer than ${seconds} s and was stopped. Send a smaller input, or start the server with MODELHUB_TIMEOUT set to more seconds.`,
  );
}

function lost(how: string): Problem {
  return new Problem(
    "worker_lost",
    `The model's process ${how} during this prediction and is being started again. Try again in a few seconds; if it happens each time, the input may need more memory than the container has.`,
    { headers: { "retry-after": "5" } },
  );
}

function stopping(): Problem {
  return new Problem("stopping", "The server is stopping. Send the request to another one.", {
    headers: { connection: "close" },
  });
}
