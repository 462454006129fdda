import type { Prediction } from "#schema/record.ts";

/** The chosen files by input. */
export type Files = ReadonlyMap<string, readonly File[]>;

/** How far a prediction is, in words, and as a share of 1 where that is known. */
export interface Step {
  text: string;
  share?: number;
}

export interface Reply {
  outputs: Prediction[];
  /** What ran it, and how long. */
  facts: string[];
}

/** A place where the model runs. */
export interface Runner {
  /** Throws a TryProblem for what the reader can do something about. */
  predict(files: Files, signal: AbortSignal, tell: (step: Step) => void): Promise<Reply>;
  /** Where an address in a reply leads from this page. */
  resolve?(address: string): string;
}

/** Why there is no prediction, and what to do. */
export class TryProblem extends Error {
  readonly title: string;

  constructor(title: string, detail: string) {
    super(detail);
    this.title = title;
  }
}
