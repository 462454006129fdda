/** What is measured, and how long. */
export interface Plan {
  /** Names of the subjects that the wanted goals are about. */
  subjects: ReadonlySet<string>;
  inputs: Record<"picture" | "bomb" | "numbers", Buffer>;
  /** Turns of each server. */
  rounds: number;
  sliceSeconds: number;
  /** Starts of each server. */
  starts: number;
}
