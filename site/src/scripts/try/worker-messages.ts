import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import type { Files, Step } from "./runner.ts";

/** What page and worker tell each other. */

/** A model as the worker gets it; addresses are absolute. */
export interface BrowserModel {
  inputs: Config["inputs"];
  outputs: Config["outputs"];
  weights: { url: string; sha256: string; bytes: number };
  texts: Record<string, string>;
}

export interface Question {
  model: BrowserModel;
  files: Files;
}

export type Answer =
  | { kind: "step"; step: Step }
  | { kind: "done"; outputs: Prediction[]; seconds: number }
  | { kind: "failed"; title: string; detail: string };
