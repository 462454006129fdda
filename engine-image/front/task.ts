import { fromWorker, Problem } from "./problem.ts";
import type { InputHeader, Settled } from "./protocol.ts";
import { reasonOf, type Work } from "./queue.ts";
import type { InferInputs, InferOptions, InferResult } from "./worker.ts";

/** What a worker shall do. */
export interface TaskRequest {
  id: string;
  inputs: InferInputs;
  options: InferOptions;
  signal: AbortSignal;
}

export interface TaskLimits {
  /** Longest time of a request. */
  timeoutSeconds: number;
  /** Longest time of a job. */
  jobTimeoutSeconds: number;
  /** Time that a cancelled task gets before its process is killed. */
  graceSeconds: number;
}

/** How a task reaches its worker. */
export interface TaskControls {
  /** Ask it to stop. */
  cancel(): void;
  /** End the process. */
  kill(): void;
}

/** Why a task has no answer whose worker ended before it came to it: it can be given to another. */
export class NotBegun extends Error {}

/**
 * One request in a worker: its answer, its time limit, and what becomes of a cancel. A worker may
 * get it while it still works on another; it has begun when the worker comes to it.
 */
export class Task implements Work<InferResult> {
  readonly request: TaskRequest;
  readonly #answer = Promise.withResolvers<InferResult>();
  readonly #free = Promise.withResolvers<void>();
  readonly #limits: TaskLimits;
  readonly #controls: TaskControls;
  #begun: number | undefined;
  #isGivenUp = false;
  #tooLong: NodeJS.Timeout | undefined;
  #kill: NodeJS.Timeout | undefined;

  constructor(request: TaskRequest, limits: TaskLimits, controls: TaskControls) {
    this.request = request;
    this.#limits = limits;
    this.#controls = controls;
    request.signal.addEventListener("abort", this.#onAbort);
  }

  /** The worker comes to it, if it hasn't before. */
  begin(): void {
    if (this.hasBegun) return;
    this.#begun = performance.now();
    const { isJob, onStart } = this.request.options;
    const { jobTimeoutSeconds, timeoutSeconds } = this.#limits;
    const seconds = isJob ? jobTimeoutSeconds : timeoutSeconds;
    const variable = isJob ? "MODELHUB_JOB_TIMEOUT" : "MODELHUB_TIMEOUT";
    const tooLong = () => this.#giveUp(timeout(seconds, variable));
    this.#tooLong = setTimeout(tooLong, seconds * 1000);
    if (this.#isGivenUp) this.#killLater();
    else onStart?.();
  }

  get hasBegun(): boolean {
    return this.#begun !== undefined;
  }

  get seconds(): number {
    return this.#begun === undefined ? 0 : (performance.now() - this.#begun) / 1000;
  }

  get answer(): Promise<InferResult> {
    return this.#answer.promise;
  }

  get free(): Promise<void> {
    return this.#free.promise;
  }

  /** Take the worker's word for it. */
  settle(message: Settled, body: Buffer): void {
    if (message.type === "error") this.#answer.reject(fromWorker(message.error));
    else {
      const { outputs, files = [], microseconds } = message;
      this.#answer.resolve({ outputs, files, body, microseconds });
    }
    this.#end();
  }

  /** The worker is gone, or has to go. */
  lose(problem: Problem | NotBegun): void {
    this.#answer.reject(problem);
    this.#end();
  }

  // A client that leaves doesn't cost the others a reload: its prediction is asked to stop, and only
  // the time limit ends the process. Who cancels on purpose gets what was asked for.
  #onAbort = () => {
    const { signal } = this.request;
    if (signal.reason instanceof Problem) return this.#giveUp(signal.reason);
    this.#answer.reject(reasonOf(signal));
    this.#controls.cancel();
  };

  #giveUp(problem: Problem): void {
    this.#answer.reject(problem);
    this.#controls.cancel();
    this.#isGivenUp = true;
    // Until then the process works for somebody else.
    if (this.hasBegun) this.#killLater();
  }

  #killLater(): void {
    this.#kill ??= setTimeout(this.#controls.kill, this.#limits.graceSeconds * 1000);
  }

  #end(): void {
    clearTimeout(this.#tooLong);
    clearTimeout(this.#kill);
    this.request.signal.removeEventListener("abort", this.#onAbort);
    this.#free.resolve();
  }
}

/** The inputs as the infer frame names them, and the one that travels as its body. */
export function toFrame(inputs: InferInputs): {
  headers: Record<string, InputHeader>;
  body?: Buffer;
} {
  const headers: Record<string, InputHeader> = {};
  let body: Buffer | undefined;
  for (const [id, input] of Object.entries(inputs)) {
    if ("body" in input) body = input.body;
    headers[id] = "body" in input ? { ...input, body: true } : input;
  }
  return body ? { headers, body } : { headers };
}

function timeout(seconds: number, variable: string): Problem {
  return new Problem(
    "timeout",
    `The prediction took longer than ${seconds} s and was stopped. Send a smaller input, or start the server with ${variable} set to more seconds.`,
  );
}
