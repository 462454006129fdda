/** What happens to a request instead of, or beside, its answer. */
export type Fault =
  | { kind: "answer"; status: number; body?: string; headers?: Record<string, string> }
  /** The connection breaks: before the work, after it, or in the middle of the reply. */
  | { kind: "drop"; when: "before" | "after" | "within" }
  | { kind: "slow"; milliseconds: number }
  | { kind: "wrongBytes" };

/** Which requests a fault meets; all of them where nothing is said. */
export interface Where {
  method?: string;
  path?: RegExp;
  /** How many requests go well first. */
  after?: number;
  /** How many it meets then; 1 where nothing is said. */
  times?: number;
  /** Of those, every how many-th. */
  every?: number;
}

/** The bad days of a registry: each request meets the first fault that is meant for it. */
export class Faults {
  readonly #entries: { fault: Fault; where: Where; seen: number }[] = [];

  add(fault: Fault, where: Where): void {
    this.#entries.push({ fault, where, seen: 0 });
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** The fault that this request meets. */
  meet(method: string, path: string): Fault | undefined {
    return this.#entries.find((entry) => {
      const { where } = entry;
      if (where.method && where.method !== method) return false;
      if (where.path && !where.path.test(path)) return false;
      const { after = 0, times = 1, every = 1 } = where;
      const place = entry.seen++ - after;
      return place >= 0 && place < times * every && place % every === 0;
    })?.fault;
  }
}
