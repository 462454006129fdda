import { readFileSync } from "node:fs";
import type { OciClient } from "#ci/oci/client.ts";

/** Adds up what work over models takes: time, processor time, and what it sends. */
export class Clock {
  readonly #client: OciClient;
  readonly #services: readonly number[];
  readonly #rounds: number[] = [];
  #models = 0;
  #seconds = 0;
  /** Processor time of this process alone. */
  ownCpu = 0;
  /** The same with its children and the services. */
  allCpu = 0;
  requests = 0;
  bytes = 0;

  /** `services` are the processes that work for this one. */
  constructor(client: OciClient, services: readonly number[]) {
    this.#client = client;
    this.#services = services;
  }

  async run<T>(models: readonly unknown[], work: () => Promise<T>): Promise<T> {
    const { requests, bytes } = this.#client.sent;
    const [started, own, all] = [performance.now(), process.cpuUsage(), this.#cpuOfAll()];
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(own);
    this.#models += models.length;
    this.#seconds += seconds;
    this.#rounds.push(seconds / models.length);
    this.ownCpu += (user + system) / 1e6;
    this.allCpu += this.#cpuOfAll() - all;
    this.requests += this.#client.sent.requests - requests;
    this.bytes += this.#client.sent.bytes - bytes;
    return result;
  }

  /** Seconds of a processor that this process, its ended children and the services have had so far. */
  #cpuOfAll(): number {
    return ["self", ...this.#services].map(cpuOf).reduce((sum, seconds) => sum + seconds);
  }

  /** Seconds for each model. */
  get each(): number {
    return this.#seconds / this.#models;
  }

  /** Processor time for each model, in words. */
  get cpu(): string {
    const each = (seconds: number) => `${((1000 * seconds) / this.#models).toFixed(1)} ms`;
    return `${each(this.allCpu)} of a processor for each, ${each(this.ownCpu)} of it here`;
  }

  /** The time for each model as a share of another's, round by round. */
  against(other: Clock): string {
    return this.#rounds
      .map((each, round) => (each / (other.#rounds[round] ?? 0)).toFixed(3))
      .join(", ");
  }

  toString(): string {
    const rate = (1 / this.each).toFixed(1);
    return `${this.#models} models in ${this.#seconds.toFixed(1)} s: ${rate} models/s`;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime, stime, cutime, cstime */
function cpuOf(pid: string | number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / 100;
}
