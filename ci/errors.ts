import { formatProblems, type Problem } from "./problems.ts";

/**
 * Error
 * └── ModelHubError        carries the exit code of the command
 *     ├── ContributionError  1   an entry or a contributor's folder is not as promised; lists every problem
 *     ├── OursError          2   this program, its stack or its machine failed; worth an issue
 *     └── RetryError        75   a network or a rate limit stood in the way; the same command may work later
 *
 * Any other error is a surprise and counts as ours.
 */
export abstract class ModelHubError extends Error {
  abstract readonly exitCode: 1 | 2 | 75;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class ContributionError extends ModelHubError {
  readonly exitCode = 1;
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = "file" in problems ? [problems] : problems;
    super(formatProblems(list), options);
    this.problems = list;
  }
}

export class OursError extends ModelHubError {
  readonly exitCode = 2;
}

export class RetryError extends ModelHubError {
  readonly exitCode = 75;
}

/** Exit code that an error thrown anywhere asks for. */
export function exitCodeOf(error: unknown): 1 | 2 | 75 {
  return error instanceof ModelHubError ? error.exitCode : 2;
}
