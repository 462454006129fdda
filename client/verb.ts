import { type Command, InvalidArgumentError } from "commander";
import { exitCodeOf } from "#ci/errors.ts";
import { toJson } from "#ci/files.ts";

/** The options that nearly every verb has. */
export interface Common {
  registry?: string;
  work?: string;
  json?: boolean;
  keepGoing?: boolean;
}

/** A line of words, on stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A value as JSON, on stdout. */
export function data(value: unknown): void {
  process.stdout.write(toJson(value));
}

/** Adds a verb with the common options to the program. */
export function verb(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option(
      "--registry <folder>",
      "folder with registry.json (default: registry/ of this checkout)",
    )
    .option("--work <folder>", "folder for the stages' files (default: .modelhub/work)")
    .option("--json", "print the result as JSON on stdout");
}

/** An option's whole number of 1 or more. Throws what the program says of a wrong command line. */
export function count(word: string): number {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new InvalidArgumentError("expected a whole number of 1 or more.");
}

/** Takes the worst outcome's exit code for the program's own, and prints all where JSON is wanted. */
export function conclude(
  outcomes: readonly { error?: unknown }[],
  { json }: Pick<Common, "json">,
): void {
  const codes = outcomes.filter(({ error }) => error).map(({ error }) => exitCodeOf(error));
  process.exitCode = Math.max(0, ...codes);
  if (json) data(outcomes.map(({ error, ...rest }) => ({ ...rest, failed: Boolean(error) })));
}
