import type { Prediction } from "#schema/record.ts";
import type { Problem } from "./problem.ts";

/** What the routes need of the model's side; the real one is the Supervisor's. */
export interface Worker {
  readonly status: WorkerStatus;
  /** Why no prediction would be taken now, or nothing when it would. */
  readonly refusal: Problem | undefined;
  /** Wait for a turn and predict. The signal takes it out of the queue or cancels it. */
  infer(
    id: string,
    inputs: InferInputs,
    options: InferOptions,
    signal: AbortSignal,
  ): Promise<InferResult>;
  /** Place in the queue, from 1. Nothing for what doesn't wait. */
  position(id: string): number | undefined;
}

export type WorkerStatus =
  | { state: "loading" }
  | { state: "ready"; python: string; loadSeconds: number }
  | { state: "failed"; problem: Problem }
  | { state: "stopping" };

/**
 * One input: its bytes, a file that holds them, or several files that are one thing, such as the
 * slices of a series. No media type means: find out; a tensor's bytes are its elements alone.
 */
export type InferInput = { mediaType: string | null; tensor?: TensorForm } & (
  | { body: Buffer }
  | { path: string }
  | { paths: string[] }
);

/** Dtype in numpy's words, and shape, of elements: little-endian, the last axis fastest. */
export interface TensorForm {
  dtype: string;
  shape: number[];
}

/** Inputs by id. One of them at most is a body, as a frame holds one. */
export type InferInputs = Record<string, InferInput>;

/** The form in which the worker gives the outputs; a tensor's file holds its elements alone. */
export type Encoding = "json" | "tensor" | "hdf5" | "npy" | "png" | "nifti" | "csv" | "dicom-seg";

export interface InferOptions {
  /** Default: json. */
  encode?: Encoding;
  /** The request's own folder: outputs go there that are too large for a frame. Made when needed. */
  folder?: string;
  /** Whether nobody waits for it, so that it may take longer. */
  isJob?: boolean;
  /** Called when the worker begins. */
  onStart?(): void;
  /** Called with how much is done, 0 to 1. */
  onProgress?(fraction: number): void;
  /** Called with whole lines that the model prints meanwhile. */
  onLog?(lines: string[]): void;
}

export interface InferResult {
  outputs: Prediction[];
  /** Outputs that are no JSON; none where all are. */
  files: OutputFile[];
  /** Bytes of those files that have an offset. */
  body: Buffer;
  microseconds: StageMicroseconds;
}

/** An encoded output: a file in the request's folder, or a stretch of the result's body. */
export type OutputFile = {
  /** Id of the output; "outputs" where the file holds all of them. */
  name: string;
  mediaType: string;
  /** The name to save it under. */
  file: string;
} & ({ path: string } | { offset: number; bytes: number });

export type Stage =
  | "load"
  | "convert"
  | "preprocess"
  | "infer"
  | "postprocess"
  | "encode"
  | "total";

/** How long each stage took. */
export type StageMicroseconds = Record<Stage, number>;
