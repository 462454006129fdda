import { setTimeout as delay } from "node:timers/promises";
import { RetryError } from "../errors.ts";

/** A registry that had too much to do, or a connection that broke: the same request may work later. */
export class Busy extends Error {
  /** Seconds after which the registry wants to be asked again. */
  readonly afterSeconds: number | undefined;

  constructor(reason: string, afterSeconds?: number) {
    super(reason);
    this.afterSeconds = afterSeconds;
  }
}

export interface PatienceOptions {
  attempts?: number;
  /** The first wait between two attempts; each one after is twice as long. */
  firstWaitMs?: number;
  /** A registry that asks for more is left for another day. */
  longestWaitSeconds?: number;
}

/** Repeats what meets a busy registry. What one request is asked to wait, all of a host's wait. */
export class Patience {
  readonly #host: string;
  readonly #options: Required<PatienceOptions>;
  /** Time in ms before which the registry wants no request. */
  #notBefore = 0;

  constructor(host: string, options: PatienceOptions = {}) {
    this.#host = host;
    this.#options = { attempts: 8, firstWaitMs: 100, longestWaitSeconds: 120, ...options };
  }

  /** What `work` gives in the end. Throws RetryError when the registry stays busy. */
  async persist<T>(about: string, work: () => Promise<T>): Promise<T> {
    const { attempts, longestWaitSeconds } = this.#options;
    for (let attempt = 1; ; attempt++) {
      await delay(Math.max(0, this.#notBefore - Date.now()));
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Busy)) throw error;
        const { afterSeconds = 0 } = error;
        if (attempt === attempts || afterSeconds > longestWaitSeconds)
          throw new RetryError(`${this.#host} could not be used for ${about}: ${error.message}`);
        if (afterSeconds > 0) this.#notBefore = Date.now() + afterSeconds * 1000;
        else await delay(this.#backOff(attempt));
      }
    }
  }

  #backOff(attempt: number): number {
    const wait = Math.min(10_000, this.#options.firstWaitMs * 2 ** (attempt - 1));
    return wait * (0.5 + Math.random());
  }
}

// What a registry answers when it has too much to do.
const busyStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** Throws Busy for a reply that says to come back later. */
export function refuseBusy(response: Response, text: string): void {
  // GitHub says so in words: the status alone would be a lack of rights.
  const isRateLimit = response.status === 403 && /rate limit/i.test(text);
  if (!busyStatuses.has(response.status) && !isRateLimit) return;
  const after = secondsOf(response.headers.get("retry-after"));
  const wish = after ? `, to be asked again after ${after} s` : "";
  throw new Busy(`it answered ${response.status}${wish}`, after);
}

/** Retry-After is a number of seconds or a date. */
function secondsOf(header: string | null): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
