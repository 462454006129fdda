import { type Environment, positive, positiveInteger, UsageError } from "./environment.ts";
import { readUrlPolicy, type UrlPolicy } from "./url-policy.ts";

/** Bounds on what a client may ask for. */
export interface Limits {
  /** Largest request body. Counted while it streams. */
  bodyBytes: number;
  /** Largest number of parts of a multipart body. */
  parts: number;
  /** Inputs up to this size go to the worker through memory, larger ones through a file. */
  memoryBytes: number;
  /** Predictions that may wait for a worker. */
  queue: number;
  /** Longest time for one prediction, from when the worker gets it. */
  timeoutSeconds: number;
  /** The same for a prediction that is a job. */
  jobTimeoutSeconds: number;
  /** Jobs that are kept, finished ones among them. */
  jobs: number;
  /** How long a finished job is kept. */
  jobSeconds: number;
  /** Worker processes; "gpus" is one for each GPU. */
  workers: number | "gpus";
  urls: UrlPolicy;
}

const MiB = 2 ** 20;

/** The limits that the environment asks for; the model's own time limit where it doesn't. */
export function readLimits(env: Environment, modelTimeoutSeconds: number | undefined): Limits {
  return {
    bodyBytes: positive(env, "MODELHUB_MAX_BODY", 256 * MiB),
    parts: positive(env, "MODELHUB_MAX_PARTS", 16),
    memoryBytes: MiB,
    queue: positiveInteger(env, "MODELHUB_QUEUE", 64),
    timeoutSeconds: positive(env, "MODELHUB_TIMEOUT", modelTimeoutSeconds ?? 120),
    jobTimeoutSeconds: positive(env, "MODELHUB_JOB_TIMEOUT", 3600),
    jobs: positiveInteger(env, "MODELHUB_JOBS", 1000),
    jobSeconds: positive(env, "MODELHUB_JOB_KEEP", 15 * 60),
    workers: env.MODELHUB_WORKERS === "gpus" ? "gpus" : readWorkers(env),
    urls: readUrlPolicy(env),
  };
}

function readWorkers(env: Environment): number {
  try {
    return positiveInteger(env, "MODELHUB_WORKERS", 1);
  } catch {
    throw new UsageError(
      `MODELHUB_WORKERS: expected a whole number greater than 0, or gpus for one on each GPU; got "${env.MODELHUB_WORKERS}"`,
    );
  }
}
