import type { Prediction } from "#schema/record.ts";
import type { Problem } from "./problem.ts";

/** What the routes need of the model's side; the real one is the Supervisor's. */
export interface Worker {
  readonly status: WorkerStatus;
  /** Why no prediction would be taken now, or nothing when it would. */
  readonly refusal: Problem | undefined;
  /** Wait for a turn and predict. The signal takes it out of the queue or cancels it. */
  infer(id: string, inputs: InferInputs, signal: AbortSignal): Promise<InferResult>;
}

export type WorkerStatus =
  | { state: "loading" }
  | { state: "ready"; python: string; loadSeconds: number }
  | { state: "failed"; problem: Problem }
  | { state: "stopping" };

/** One input: its bytes, or a file that holds them. No media type means: find out. */
export type InferInput = { mediaType: string | null } & ({ body: Buffer } | { path: string });

export type InferInputs = Record<string, InferInput>;

export interface InferResult {
  outputs: Prediction[];
  seconds: StageSeconds;
}

/** How long each stage took. */
export type StageSeconds = Record<
  "load" | "convert" | "preprocess" | "infer" | "postprocess" | "total",
  number
>;
