import { Problem } from "./problem.ts";

/** A piece of work: its answer, and when the next may start, which can be later. */
export interface Work<T> {
  answer: Promise<T>;
  free: Promise<void>;
}

interface Waiting {
  start: () => void;
  refuse: (problem: Problem) => void;
}

/** First come, first served, one at a time, and no more than `capacity` that wait. */
export class Queue {
  readonly #capacity: number;
  readonly #waiting = new Set<Waiting>();
  #busy = false;
  #paused = true;
  #meanSeconds = 1;
  #idle: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get depth(): number {
    return this.#waiting.size;
  }

  /** Why no more work is taken, or nothing when it is. */
  get refusal(): Problem | undefined {
    if (this.#waiting.size < this.#capacity || (!this.#busy && !this.#paused)) return undefined;
    const seconds = Math.ceil(Math.min(60, Math.max(1, this.#meanSeconds * this.depth)));
    return new Problem(
      "queue_full",
      `${this.depth} predictions wait already, which is the most that this server holds. Try again in ${seconds} s.`,
      { headers: { "retry-after": String(seconds) } },
    );
  }

  /** Start the work when its turn comes; leave the queue when the signal aborts. */
  run<T>(work: () => Work<T>, signal: AbortSignal): Promise<T> {
    const refusal = this.refusal;
    if (refusal) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        signal.removeEventListener("abort", gone);
      };
      const gone = () => waiting.refuse(new Problem("client_gone", "The client went away."));
      const waiting: Waiting = {
        start: () => {
          leave();
          resolve(this.#begin(work));
        },
        refuse: (problem) => {
          leave();
          reject(problem);
          this.#advance();
        },
      };
      this.#waiting.add(waiting);
      if (signal.aborted) return gone();
      signal.addEventListener("abort", gone);
      this.#advance();
    });
  }

  /** Keep what waits where it is until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#advance();
  }

  /** Send everything that waits away. */
  refuseAll(problem: Problem): void {
    for (const waiting of [...this.#waiting]) waiting.refuse(problem);
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (!this.#busy && this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #advance(): void {
    if (this.#busy) return;
    const [next] = this.#waiting;
    if (next && !this.#paused) next.start();
    else if (!next) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #begin<T>(work: () => Work<T>): Promise<T> {
    this.#busy = true;
    const started = performance.now();
    const { answer, free } = work();
    free.then(() => {
      const seconds = (performance.now() - started) / 1000;
      this.#meanSeconds += (seconds - this.#meanSeconds) / 8;
      this.#busy = false;
      this.#advance();
    });
    return answer;
  }
}
