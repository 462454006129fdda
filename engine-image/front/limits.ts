import { type Environment, positive } from "./environment.ts";

/** Bounds on what a client may ask for. */
export interface Limits {
  /** Largest request body. Counted while it streams. */
  bodyBytes: number;
  /** Largest number of parts of a multipart body. */
  parts: number;
  /** Inputs up to this size go to the worker through memory, larger ones through a file. */
  memoryBytes: number;
  /** Predictions that may wait for the worker. */
  queue: number;
  /** Longest time for one prediction, from when the worker gets it. */
  timeoutSeconds: number;
}

const MiB = 2 ** 20;

/** The limits that the environment asks for; the model's own time limit where it doesn't. */
export function readLimits(env: Environment, modelTimeoutSeconds: number | undefined): Limits {
  return {
    bodyBytes: positive(env, "MODELHUB_MAX_BODY", 256 * MiB),
    parts: positive(env, "MODELHUB_MAX_PARTS", 16),
    memoryBytes: MiB,
    queue: positive(env, "MODELHUB_QUEUE", 64),
    timeoutSeconds: positive(env, "MODELHUB_TIMEOUT", modelTimeoutSeconds ?? 120),
  };
}
