import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Metrics } from "./metrics.ts";
import { Problem } from "./problem.ts";
import { Queue } from "./queue.ts";
import { NotBegun, type TaskLimits } from "./task.ts";
import type { InferInputs, InferOptions, InferResult, Worker, WorkerStatus } from "./worker.ts";
import { type Loaded, WorkerLife } from "./worker-life.ts";
import type { WorkerCommand } from "./worker-process.ts";

export interface SupervisorOptions extends TaskLimits {
  /** How to start each worker; as many as there shall be. */
  commands: WorkerCommand[];
  /** Private folder for the workers' sockets. */
  folder: string;
  queue: number;
  /** Requests that a worker takes at a time. */
  inFlight: number;
  metrics: Metrics;
  /** Called at each change of the status. */
  changed(status: WorkerStatus): void;
  /** What the model prints. */
  log(line: string): void;
}

const maxFailedLoads = 3;
// As many as browsers open connections to a host, and one: none of them waits for another's way.
const sentAhead = 7;
// A worker that dies young again and again is given more and more time between two starts.
const backOffSeconds = [0.1, 0.5, 2, 5, 10];
const longLifeSeconds = 60;

/** Keeps the workers running, hands them predictions, and starts them again when they die. */
export class Supervisor implements Worker {
  readonly #options: SupervisorOptions;
  readonly #queue: Queue<WorkerLife>;
  readonly #lives = new Set<WorkerLife>();
  #status: WorkerStatus = { state: "loading" };
  #started = 0;
  #failedLoads = 0;
  #loading: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#queue = new Queue(
      options.queue,
      () => this.#leastBusy(),
      () => this.#sentAhead(),
    );
    options.metrics.queueDepth.set(() => this.#queue.depth);
  }

  get status(): WorkerStatus {
    return this.#status;
  }

  get refusal(): Problem | undefined {
    if (this.#status.state === "ready") return this.#queue.refusal;
    if (this.#status.state === "failed") return this.#status.problem;
    if (this.#status.state === "stopping") return stopping();
    return loading();
  }

  /** Keep all workers running. Resolves when that is given up. */
  async run(): Promise<void> {
    await Promise.all(this.#options.commands.map((_, index) => this.#keepAlive(index)));
  }

  infer(
    id: string,
    inputs: InferInputs,
    options: InferOptions,
    signal: AbortSignal,
  ): Promise<InferResult> {
    const refusal = this.refusal;
    if (refusal) return Promise.reject(refusal);
    const request = { id, inputs, options, signal };
    const attempt = (): Promise<InferResult> =>
      this.#queue
        .run(id, (life) => life.run(request), signal)
        .catch((error) => {
          if (!(error instanceof NotBegun)) throw error;
          if (!this.#isWanted) throw this.refusal;
          return attempt();
        });
    return attempt();
  }

  position(id: string): number | undefined {
    for (const life of this.#lives) {
      const place = life.position(id);
      if (place) return place;
    }
    return this.#queue.position(id);
  }

  /** Take no more work, let what runs finish within `finishSeconds`, then end the workers. */
  async stop(finishSeconds: number): Promise<void> {
    this.#setStatus({ state: "stopping" });
    const lives = [...this.#lives];
    if (lives.every((life) => life.load === 0)) this.#queue.refuseAll(stopping());
    await Promise.race([this.#queue.idle(), delay(finishSeconds * 1000)]);
    this.#isOver = true;
    this.#queue.refuseAll(stopping());
    for (const life of lives) {
      life.loseAll(stopping());
      life.stop();
    }
    await Promise.race([Promise.all(lives.map((life) => life.ended)), delay(700)]);
    this.kill();
  }

  /** End the workers at once, when this process can't wait. */
  kill(): void {
    for (const life of this.#lives) life.kill();
  }

  #sentAhead(): number {
    let count = 0;
    for (const life of this.#lives) count += life.waiting;
    return count;
  }

  #leastBusy(): WorkerLife | undefined {
    if (this.#isOver) return undefined;
    let found: WorkerLife | undefined;
    for (const life of this.#lives)
      if (life.isFree && (!found || life.load < found.load)) found = life;
    return found;
  }

  /** One life after the other, until nobody wants another. */
  async #keepAlive(index: number): Promise<void> {
    for (let losses = 0; this.#isWanted; losses += 1) {
      const started = performance.now();
      const life = await this.#inTurn(() => this.#load(index));
      if (!life) return;
      const how = await life.ended;
      this.#bury(life, how);
      const lived = (performance.now() - started) / 1000;
      if (life.served || lived > longLifeSeconds) losses = 0;
      const seconds = backOffSeconds[Math.min(losses, backOffSeconds.length - 1)] ?? 10;
      if (this.#isWanted) await delay(seconds * 1000, undefined, { ref: false });
    }
  }

  get #isWanted(): boolean {
    return this.#status.state === "loading" || this.#status.state === "ready";
  }

  /** Models are loaded one at a time, as each may take all the memory for a moment. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#loading.then(work);
    this.#loading = turn.catch(() => {});
    return turn;
  }

  /** A worker that is ready, or that failed to be. Nothing if none is wanted any longer. */
  async #load(index: number): Promise<WorkerLife | undefined> {
    const command = this.#options.commands[index];
    if (!this.#isWanted || !command) return undefined;
    const { folder, metrics, ...options } = this.#options;
    this.#started += 1;
    if (this.#started > this.#options.commands.length) metrics.workerRestarts.add(1);
    const life = await WorkerLife.start({
      ...options,
      // Among several workers, the next request goes to the one that is free first.
      ahead: this.#options.commands.length === 1 && this.#options.inFlight === 1 ? sentAhead : 0,
      command,
      socket: join(folder, `worker-${this.#started}.sock`),
      metric: (name, value) => metrics.setOwn(name, value, index),
      measured: (microseconds) => metrics.measure(microseconds),
    });
    this.#lives.add(life);
    metrics.workerRss.set(() => life.rss, index);
    const loaded = await life.loaded;
    if (loaded) this.#onReady(loaded);
    return life;
  }

  #onReady({ python, seconds }: Loaded): void {
    this.#failedLoads = 0;
    if (this.#status.state === "loading")
      this.#setStatus({ state: "ready", python, loadSeconds: seconds });
    this.#queue.advance();
  }

  #bury(life: WorkerLife, how: string): void {
    this.#lives.delete(life);
    if (!this.#isWanted) return;
    this.#options.log(`modelhub: the worker ${how}`);
    if (!life.wasReady) this.#failedLoads += 1;
    if ([...this.#lives].some(({ wasReady }) => wasReady)) return;
    if (!life.wasReady && this.#failedLoads >= maxFailedLoads) this.#giveUp(life, how);
    else this.#setStatus({ state: "loading" });
  }

  #giveUp({ setupError, lastLines }: WorkerLife, how: string): void {
    const reason = setupError?.detail ?? `The worker ${how}.`;
    const summary = `The model could not be loaded in ${maxFailedLoads} attempts. ${reason}`;
    this.#options.log(`modelhub: ${summary}`);
    const problem = new Problem(
      "setup_failed",
      `${summary} The last lines of its log:\n${lastLines.join("\n")}`,
    );
    this.#setStatus({ state: "failed", problem });
    this.#queue.refuseAll(problem);
  }

  #setStatus(status: WorkerStatus): void {
    this.#status = status;
    this.#options.changed(status);
  }
}

function loading(): Problem {
  return new Problem(
    "loading",
    "The model is loading. Try again in 2 s, or ask /health/ready whether it is there.",
    { headers: { "retry-after": "2" } },
  );
}

function stopping(): Problem {
  return new Problem("stopping", "The server is stopping. Send the request to another one.", {
    headers: { connection: "close" },
  });
}
