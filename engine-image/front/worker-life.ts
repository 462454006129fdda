import { Lines } from "./lines.ts";
import { Problem, type WorkerError } from "./problem.ts";
import type { FromWorker, Settled } from "./protocol.ts";
import type { Work } from "./queue.ts";
import { NotBegun, Task, type TaskLimits, type TaskRequest, toFrame } from "./task.ts";
import type { InferResult, StageMicroseconds } from "./worker.ts";
import { type WorkerCommand, WorkerProcess } from "./worker-process.ts";

export interface LifeOptions extends TaskLimits {
  command: WorkerCommand;
  socket: string;
  /** Requests that the worker takes at a time. */
  inFlight: number;
  /** Requests that it gets beyond these, so that it need not wait for the next one. */
  ahead: number;
  /** What the model prints. */
  log(line: string): void;
  /** A gauge of the model's own. */
  metric(name: string, value: number): void;
  /** How long the stages of a prediction took. */
  measured(microseconds: StageMicroseconds): void;
}

/** What the worker says once it has loaded the model. */
export interface Loaded {
  python: string;
  seconds: number;
}

const keptLines = 20;

/** One worker from its start to its end, with the requests that it has under way. */
export class WorkerLife {
  /** Nothing if the worker ended before it was ready. */
  readonly loaded: Promise<Loaded | undefined>;
  /** Resolves with how the worker ended, when all that it had is told to be lost. */
  readonly ended: Promise<string>;
  /** Memory that the worker held when it last told, in bytes. */
  rss = 0;
  /** Whether it loaded the model, even if it is gone meanwhile. */
  wasReady = false;
  /** Whether it ever answered. */
  served = false;
  setupError: WorkerError | undefined;
  lastLines: string[] = [];
  readonly #options: LifeOptions;
  // No map: what one held before it grew would outlive all but a full collection of garbage.
  readonly #tasks: Task[] = [];
  readonly #printed = new Map<string, Lines>();
  readonly #load = Promise.withResolvers<Loaded | undefined>();
  readonly #end = Promise.withResolvers<string>();
  #process: WorkerProcess | undefined;
  #python = "";

  /** Resolves when the process runs, which is before the model is loaded. */
  static async start(options: LifeOptions): Promise<WorkerLife> {
    const life = new WorkerLife(options);
    life.#process = await WorkerProcess.start(options.socket, options.command, {
      message: (message, body) => life.#receive(message, body),
      lines: (lines) => life.#keep(lines),
      ended: (how) => life.#onEnded(how),
    });
    return life;
  }

  private constructor(options: LifeOptions) {
    this.#options = options;
    this.loaded = this.#load.promise;
    this.ended = this.#end.promise;
  }

  /** Requests that it has. */
  get load(): number {
    return this.#tasks.length;
  }

  /** How many of them it hasn't come to. */
  get waiting(): number {
    return Math.max(0, this.#tasks.length - this.#options.inFlight);
  }

  /** Place of a request among those, from 1. Nothing if it isn't one of them. */
  position(id: string): number | undefined {
    const waiting = this.#tasks.slice(this.#options.inFlight);
    return waiting.findIndex(({ request }) => request.id === id) + 1 || undefined;
  }

  /** Whether it takes another request. */
  get isFree(): boolean {
    if (!this.wasReady || !this.#process?.isReachable) return false;
    return this.#tasks.length < this.#options.inFlight + this.#options.ahead;
  }

  run(request: TaskRequest): Work<InferResult> {
    const { id, inputs, options } = request;
    const task = new Task(request, this.#options, {
      cancel: () => this.#process?.send({ type: "cancel", id }),
      kill: () => this.kill(),
    });
    this.#tasks.push(task);
    const { headers, body } = toFrame(inputs);
    const { encode, folder } = options;
    this.#process?.send(
      { type: "infer", id, inputs: headers, ...(encode && { encode }), ...(folder && { folder }) },
      body,
    );
    this.#beginNext();
    return task;
  }

  /** Ask the worker to end once it has answered what it has. */
  stop(): void {
    this.#process?.send({ type: "stop" });
  }

  /** End the process and all that it started, at once. */
  kill(): void {
    this.#process?.kill();
  }

  /** Give up what is under way. */
  loseAll(problem: Problem): void {
    for (const task of this.#tasks.splice(0)) task.lose(problem);
  }

  #receive(message: FromWorker, body: Buffer): void {
    switch (message.type) {
      case "hello":
        this.#python = message.python;
        break;
      case "ready":
        this.wasReady = true;
        this.rss = message.rss;
        this.#load.resolve({ python: this.#python, seconds: message.seconds });
        break;
      case "setup_failed":
        this.setupError = message.error;
        this.lastLines = lastLines(message.log.split("\n"));
        this.kill();
        break;
      case "log":
        this.#keep(this.#linesOf(message.stream).push(message.text));
        break;
      case "progress":
        this.#find(message.id)?.request.options.onProgress?.(message.fraction);
        break;
      case "metric":
        this.#options.metric(message.name, message.value);
        break;
      case "result":
      case "error":
        this.#settle(message, body);
    }
  }

  #settle(message: Settled, body: Buffer): void {
    const task = this.#find(message.id);
    if (!task) return;
    this.#flush();
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    this.served = true;
    if (message.type === "result") {
      this.rss = message.rss;
      this.#options.measured(message.microseconds);
    }
    task.settle(message, body);
    this.#beginNext();
  }

  /** A worker does things in the order in which it got them. */
  #beginNext(): void {
    const count = Math.min(this.#tasks.length, this.#options.inFlight);
    for (let place = 0; place < count; place += 1) this.#tasks[place]?.begin();
  }

  #onEnded(how: string): void {
    this.#process = undefined;
    this.#flush();
    for (const task of this.#tasks.splice(0)) task.lose(task.hasBegun ? lost(how) : new NotBegun());
    this.#load.resolve(undefined);
    this.#end.resolve(how);
  }

  #find(id: string): Task | undefined {
    return this.#tasks.find(({ request }) => request.id === id);
  }

  #linesOf(stream: string): Lines {
    const known = this.#printed.get(stream) ?? new Lines();
    this.#printed.set(stream, known);
    return known;
  }

  /** A result comes after all that was printed before it, so half a line is a line then. */
  #flush(): void {
    for (const lines of this.#printed.values()) this.#keep(lines.flush());
  }

  /** What is printed can't be told apart by request, so each that is under way gets it. */
  #keep(lines: string[]): void {
    if (lines.length === 0) return;
    this.lastLines = lastLines([...this.lastLines, ...lines]);
    for (const line of lines) this.#options.log(line);
    for (const task of this.#tasks) task.request.options.onLog?.(lines);
  }
}

function lastLines(lines: string[]): string[] {
  return lines.filter(Boolean).slice(-keptLines);
}

function lost(how: string): Problem {
  return new Problem(
    "worker_lost",
    `The model's process ${how} during this prediction and is being started again. Try again in a few seconds; if it happens each time, the input may need more memory than the container has.`,
    { headers: { "retry-after": "5" } },
  );
}
