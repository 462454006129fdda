import type { Files, Step } from "#page/runner.ts";
import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import type { Filed } from "./prediction.ts";

/** What page and worker tell each other. */

/** A model as the worker gets it; addresses are absolute. */
export interface BrowserModel {
  inputs: Config["inputs"];
  outputs: Config["outputs"];
  weights: { url: string; sha256: string; bytes: number };
  texts: Record<string, string>;
}

/** What a model runs on: the processor, or the graphics card by WebGPU. */
export type DeviceName = "cpu" | "gpu";

export interface Question {
  model: BrowserModel;
  device: DeviceName;
  files: Files;
}

export type Answer =
  | { kind: "step"; step: Step }
  | { kind: "done"; outputs: (Prediction | Filed)[]; device: DeviceName; seconds: number }
  | { kind: "failed"; title: string; detail: string };
