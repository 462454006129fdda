import type { Prediction } from "#schema/record.ts";
import type { WorkerError } from "./problem.ts";
import type { Encoding, OutputFile, StageMicroseconds, TensorForm } from "./worker.ts";

/** The headers of the frames that the worker gets; one input may be the frame's body. */
export type ToWorker =
  | {
      type: "infer";
      id: string;
      inputs: Record<string, InputHeader>;
      encode?: Encoding;
      folder?: string;
    }
  | { type: "cancel"; id: string }
  | { type: "stop" };

export type InputHeader = { mediaType: string | null; tensor?: TensorForm } & (
  | { body: true }
  | { path: string }
  | { paths: string[] }
);

/** The headers of the frames that the worker sends; a result's files may be the frame's body. */
export type FromWorker =
  | { type: "hello"; pid: number; python: string; engine: string }
  | { type: "ready"; seconds: number; rss: number }
  | { type: "setup_failed"; error: WorkerError; log: string }
  | { type: "progress"; id: string; fraction: number }
  | { type: "metric"; name: string; value: number }
  | { type: "log"; stream: string; text: string }
  | Settled;

/** How a prediction ends. */
export type Settled =
  | {
      type: "result";
      id: string;
      outputs: Prediction[];
      files?: OutputFile[];
      microseconds: StageMicroseconds;
      rss: number;
    }
  | { type: "error"; id: string; error: WorkerError };
