import { Problem } from "./problem.ts";

/**
 * A piece of work: its answer, when its place is free again, which can be later, and how long it
 * has taken so far.
 */
export interface Work<T> {
  answer: Promise<T>;
  free: Promise<void>;
  seconds: number;
}

interface Waiting<Place> {
  id: string;
  start: (place: Place) => void;
  refuse: (problem: Problem) => void;
}

/** First come, first served, to whichever place is free, and no more than `capacity` that wait. */
export class Queue<Place> {
  readonly #capacity: number;
  readonly #freePlace: () => Place | undefined;
  readonly #sentAhead: () => number;
  // No map, for the reason that WorkerLife tells.
  readonly #waiting: Waiting<Place>[] = [];
  #running = 0;
  #meanSeconds = 1;
  #idle: (() => void)[] = [];

  /**
   * `freePlace` names a place that takes more work; whoever frees one calls `advance`. `sentAhead`
   * tells how much of the work that was handed out still waits at its place.
   */
  constructor(capacity: number, freePlace: () => Place | undefined, sentAhead = () => 0) {
    this.#capacity = capacity;
    this.#freePlace = freePlace;
    this.#sentAhead = sentAhead;
  }

  /** How many wait, here or at their place. */
  get depth(): number {
    return this.#waiting.length + this.#sentAhead();
  }

  /** How many come before this one, and itself: 1 is the next. Nothing if it doesn't wait. */
  position(id: string): number | undefined {
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    return place === -1 ? undefined : this.#sentAhead() + place + 1;
  }

  /** Why no more work is taken, or nothing when it is. */
  get refusal(): Problem | undefined {
    if (this.depth < this.#capacity) return undefined;
    const rounds = this.depth / Math.max(1, this.#running - this.#sentAhead());
    const seconds = Math.ceil(Math.min(60, Math.max(1, this.#meanSeconds * rounds)));
    return new Problem(
      "queue_full",
      `${this.depth} predictions wait already, which is the most that this server holds. Try again in ${seconds} s.`,
      { headers: { "retry-after": String(seconds) } },
    );
  }

  /**
   * Start the work when its turn comes; leave the queue when the signal aborts. Who is new here asks
   * for the refusal first.
   */
  run<T>(id: string, work: (place: Place) => Work<T>, signal: AbortSignal): Promise<T> {
    const place = this.#waiting.length === 0 && !signal.aborted && this.#freePlace();
    if (place) return this.#begin(work, place);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        signal.removeEventListener("abort", gone);
      };
      const gone = () => waiting.refuse(reasonOf(signal));
      const waiting: Waiting<Place> = {
        id,
        start: (place) => {
          leave();
          resolve(this.#begin(work, place));
        },
        refuse: (problem) => {
          leave();
          reject(problem);
          this.advance();
        },
      };
      this.#waiting.push(waiting);
      if (signal.aborted) return gone();
      signal.addEventListener("abort", gone);
      this.advance();
    });
  }

  /** Start what can be started; to be called when a place has become free. */
  advance(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const place = this.#freePlace();
      if (place === undefined) return;
      next.start(place);
    }
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Send everything that waits away. */
  refuseAll(problem: Problem): void {
    while (this.#waiting[0]) this.#waiting[0].refuse(problem);
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #begin<T>(work: (place: Place) => Work<T>, place: Place): Promise<T> {
    this.#running += 1;
    const begun = work(place);
    begun.free.then(() => {
      this.#meanSeconds += (begun.seconds - this.#meanSeconds) / 8;
      this.#running -= 1;
      this.advance();
    });
    return begun.answer;
  }
}

/** Why the signal was aborted: the problem that it was given, else that nobody waits any longer. */
export function reasonOf(signal: AbortSignal): Problem {
  if (signal.reason instanceof Problem) return signal.reason;
  return new Problem("client_gone", "The client went away.");
}
