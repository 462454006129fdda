import { setTimeout as delay } from "node:timers/promises";
import { RetryError } from "../errors.ts";
import type { HttpReply } from "./send.ts";

/** A registry that had too much to do, or a connection that broke: the same request may work later. */
export class Busy extends Error {
  /** Seconds after which the registry wants to be asked again. */
  readonly afterSeconds: number | undefined;

  constructor(reason: string, afterSeconds?: number) {
    super(reason);
    this.afterSeconds = afterSeconds;
  }
}

/** A registry that limits how much one may ask and doesn't say for how long. */
class RateLimited extends Busy {}

export interface PatienceOptions {
  attempts?: number;
  /** Requests that a host gets in a minute before it has complained; all at once where it is 0. */
  perMinute?: number;
  /** The first wait between two attempts; each one after is twice as long. */
  firstWaitMs?: number;
  /** The wait where GitHub limits us without saying for how long. https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately */
  limitSeconds?: number;
  /** A registry that asks for more is left for another day. */
  longestWaitSeconds?: number;
}

/**
 * Lets so many requests a minute through, some of them at once; the others wait for their turn.
 * https://en.wikipedia.org/wiki/Token_bucket
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #atOnce: number;
  #tokens: number;
  #filledAt = performance.now();

  constructor(perMinute: number, atOnce = perMinute / 10) {
    this.#perMs = perMinute / 60_000;
    this.#atOnce = Math.max(1, atOnce);
    this.#tokens = this.#atOnce;
  }

  async take(): Promise<void> {
    if (this.#perMs === 0) return;
    const now = performance.now();
    const filled = this.#tokens + (now - this.#filledAt) * this.#perMs;
    this.#tokens = Math.min(this.#atOnce, filled) - 1;
    this.#filledAt = now;
    // Below nothing is the queue: each that waits has taken its token already.
    if (this.#tokens < 0) await delay(-this.#tokens / this.#perMs);
  }
}

/** Repeats what meets a busy registry. What one request is asked to wait, all of a host's wait. */
export class Patience {
  readonly #host: string;
  readonly #options: Required<PatienceOptions>;
  readonly #bucket: TokenBucket;
  /** Time in ms before which the registry wants no request. */
  #notBefore = 0;

  constructor(host: string, options: PatienceOptions = {}) {
    this.#host = host;
    // GitHub takes 2,000 a minute.
    const perMinute = isLocal(host) ? 0 : 1500;
    this.#options = {
      attempts: 8,
      perMinute,
      firstWaitMs: 100,
      limitSeconds: 60,
      longestWaitSeconds: 120,
      ...options,
    };
    this.#bucket = new TokenBucket(this.#options.perMinute);
  }

  /** What `work` gives in the end. Throws RetryError when the registry stays busy. */
  async persist<T>(about: string, work: () => Promise<T>): Promise<T> {
    const { attempts, limitSeconds, longestWaitSeconds } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const waitMs = this.#notBefore - Date.now();
      // A wait of nothing still takes a millisecond, and an engine release makes 100,000 requests.
      if (waitMs > 0) await delay(waitMs);
      await this.#bucket.take();
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Busy)) throw error;
        const { afterSeconds = error instanceof RateLimited ? limitSeconds : 0 } = error;
        if (attempt === attempts || afterSeconds > longestWaitSeconds)
          throw new RetryError(
            `${this.#host} could not be used for ${about}: ${error.message}${this.#hint(error)}`,
          );
        if (afterSeconds > 0) this.#notBefore = Date.now() + afterSeconds * 1000;
        else await delay(this.#backOff(attempt));
      }
    }
  }

  #hint({ message }: Busy): string {
    if (!isLocal(this.#host) || !message.includes("ECONNREFUSED")) return "";
    return "\n  hint: `./scripts/services start` starts the services of this machine";
  }

  #backOff(attempt: number): number {
    const wait = Math.min(10_000, this.#options.firstWaitMs * 2 ** (attempt - 1));
    return wait * (0.5 + Math.random());
  }
}

/** Whether a registry runs on this machine. */
export function isLocal(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
}

// What a registry answers when it has too much to do.
const busyStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** Throws Busy for a reply that says to come back later. */
export function refuseBusy(response: Pick<HttpReply, "status" | "headers">, text: string): void {
  // GitHub says so in words: the status alone would be a lack of rights.
  const isRateLimit = response.status === 403 && /rate limit/i.test(text);
  if (!busyStatuses.has(response.status) && !isRateLimit) return;
  const after = secondsOf(response.headers.get("retry-after"));
  const wish = after ? `, to be asked again after ${after} s` : "";
  if (isRateLimit) throw new RateLimited(`it answered 403, a rate limit${wish}`, after);
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
