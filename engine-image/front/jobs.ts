import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";

/** Predictions that nobody holds a connection for: asked for now, fetched later. */

export type JobState = "queued" | "running" | "succeeded" | "failed" | "canceled";

/** What may become of a job. A state that leads nowhere is final. */
const next: Record<JobState, JobState[]> = {
  queued: ["running", "failed", "canceled"],
  running: ["succeeded", "failed", "canceled"],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** A job as its status tells it. */
export interface JobStatus {
  id: string;
  state: JobState;
  /** How much is done, 0 to 1. */
  progress: number;
  /** Place in the queue, from 1; null once it runs. */
  position: number | null;
  /** The last lines that the model printed meanwhile. */
  log: string[];
  created: string;
  started: string | null;
  finished: string | null;
}

/** What happened to a job, numbered so that a client can ask for what it missed. */
export interface JobEvent {
  id: number;
  type: "state" | "progress" | "log";
  data: object;
}

/** What the work of a job hears and tells. */
export interface JobHooks {
  signal: AbortSignal;
  onStart(): void;
  onProgress(fraction: number): void;
  onLog(lines: string[]): void;
}

/** Gives the result as JSON; rejects with a Problem. */
export type JobWork = (hooks: JobHooks) => Promise<string>;

const loggedLines = 50;
const lineLength = 500;
const keptEvents = 100;
const keptResultBytes = 64 * 2 ** 20;

/** One job, from the queue to its result. */
export class Job {
  readonly id: string;
  /** Hash of what was asked for. Absent where nobody can ask for the same again. */
  readonly hash: string | undefined;
  /** Resolves when the job is in a final state. */
  readonly finished: Promise<void>;
  readonly #created = new Date();
  readonly #position: () => number | undefined;
  readonly #controller = new AbortController();
  readonly #listeners = new Set<(event: JobEvent) => void>();
  #state: JobState = "queued";
  #progress = 0;
  #log: string[] = [];
  #startedAt: Date | undefined;
  #finishedAt: Date | undefined;
  #events: JobEvent[] = [];
  #lastEventId = 0;
  #outcome: string | Problem | undefined;

  constructor(
    id: string,
    hash: string | undefined,
    work: JobWork,
    position: () => number | undefined,
  ) {
    this.id = id;
    this.hash = hash;
    this.#position = position;
    this.#tell("state", { state: "queued" });
    this.finished = this.#run(work);
  }

  get state(): JobState {
    return this.#state;
  }

  get isFinished(): boolean {
    return next[this.#state].length === 0;
  }

  get status(): JobStatus {
    const position = this.#state === "queued" ? this.#position() : undefined;
    return {
      id: this.id,
      state: this.#state,
      progress: this.#progress,
      position: position ?? null,
      log: this.#log,
      created: this.#created.toISOString(),
      started: this.#startedAt?.toISOString() ?? null,
      finished: this.#finishedAt?.toISOString() ?? null,
    };
  }

  /** The result as JSON. Throws the problem that stands in its place. */
  get result(): string {
    if (typeof this.#outcome === "string") return this.#outcome;
    throw this.#outcome ?? unfinished(this);
  }

  /** Whether a client that had this event last has missed nothing, and will not. */
  isOver(lastEventId: number): boolean {
    return this.isFinished && lastEventId >= this.#lastEventId;
  }

  /** Bytes that the result takes. */
  get bytes(): number {
    return typeof this.#outcome === "string" ? this.#outcome.length : 0;
  }

  cancel(): void {
    const problem = new Problem("canceled", "The job was canceled. Send it again to have it run.");
    if (!this.#finish("canceled", problem)) return;
    this.#controller.abort(problem);
  }

  /** Hear of all events after that one, the past ones first. Returns how to stop. */
  follow(afterId: number, listener: (event: JobEvent) => void): () => void {
    for (const event of this.#events) if (event.id > afterId) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(work: JobWork): Promise<void> {
    try {
      const result = await work({
        signal: this.#controller.signal,
        onStart: () => this.#start(),
        onProgress: (fraction) => this.#report(fraction),
        onLog: (lines) => this.#keep(lines),
      });
      this.#report(1);
      this.#finish("succeeded", result);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("internal", "The job failed.");
      this.#finish("failed", problem);
    }
  }

  #start(): void {
    if (!this.#move("running")) return;
    this.#startedAt = new Date();
    this.#tell("state", { state: "running" });
  }

  /** The first outcome stands; whatever comes later is dropped. */
  #finish(state: JobState, outcome: string | Problem): boolean {
    if (!this.#move(state)) return false;
    this.#outcome = outcome;
    this.#finishedAt = new Date();
    const detail = outcome instanceof Problem && { code: outcome.code, detail: outcome.message };
    this.#tell("state", { state, ...detail });
    this.#listeners.clear();
    return true;
  }

  #move(state: JobState): boolean {
    if (!next[this.#state].includes(state)) return false;
    this.#state = state;
    return true;
  }

  #report(fraction: number): void {
    if (this.isFinished || !(fraction > this.#progress)) return;
    this.#progress = fraction;
    // Only the newest of several reports is worth keeping.
    if (this.#events.at(-1)?.type === "progress") this.#events.pop();
    this.#tell("progress", { progress: fraction });
  }

  #keep(lines: string[]): void {
    if (this.isFinished) return;
    const cut = lines.slice(-loggedLines).map((line) => line.slice(0, lineLength));
    this.#log = [...this.#log, ...cut].slice(-loggedLines);
    this.#tell("log", { lines: cut });
  }

  #tell(type: JobEvent["type"], data: object): void {
    this.#lastEventId += 1;
    const event = { id: this.#lastEventId, type, data };
    this.#events = [...this.#events, event].slice(-keptEvents);
    for (const listener of this.#listeners) listener(event);
  }
}

/** The jobs that are kept: all that are under way, and the finished ones for a while. */
export class Jobs {
  readonly #limits: Pick<Limits, "jobs" | "jobSeconds">;
  readonly #jobs = new Map<string, Job>();

  constructor(limits: Pick<Limits, "jobs" | "jobSeconds">) {
    this.#limits = limits;
  }

  get all(): Job[] {
    return [...this.#jobs.values()].reverse();
  }

  find(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** Keep the job. Throws where there is no room for another. */
  add(job: () => Job): Job {
    this.#makeRoom();
    const added = job();
    this.#jobs.set(added.id, added);
    added.finished.then(() => this.#expire(added));
    return added;
  }

  forget(job: Job): void {
    // A job that came later may have the same id.
    if (this.#jobs.get(job.id) === job) this.#jobs.delete(job.id);
  }

  #makeRoom(): void {
    if (this.#jobs.size < this.#limits.jobs) return;
    const oldest = this.#oldestFinished();
    if (!oldest) throw full(this.#jobs.size);
    this.forget(oldest);
  }

  /** Forget the job after its time; and now the oldest ones, while all results are too large. */
  #expire(job: Job): void {
    setTimeout(() => this.forget(job), this.#limits.jobSeconds * 1000).unref();
    let bytes = this.all.reduce((sum, kept) => sum + kept.bytes, 0);
    while (bytes > keptResultBytes) {
      const oldest = this.#oldestFinished();
      if (!oldest || oldest === job) return;
      bytes -= oldest.bytes;
      this.forget(oldest);
    }
  }

  #oldestFinished(): Job | undefined {
    for (const [, job] of this.#jobs) if (job.isFinished) return job;
    return undefined;
  }
}

function unfinished({ id, state }: Job): Problem {
  return new Problem(
    "unfinished",
    `The job is ${state} and has no result yet. Ask /jobs/${id} until its state is succeeded, or follow /jobs/${id}/events.`,
    { headers: { "retry-after": "1" } },
  );
}

function full(count: number): Problem {
  return new Problem(
    "queue_full",
    `${count} jobs are under way, which is the most that this server holds. Try again when one has finished.`,
    { headers: { "retry-after": "10" } },
  );
}
