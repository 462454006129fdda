import { stripVTControlCharacters } from "node:util";
import { execa, type Options } from "execa";
import { OursError } from "./errors.ts";

/** A program that ended with an exit code other than 0, told so that a person can go on from it. */
export class ProcessError extends OursError {
  override name = "ProcessError";
  readonly output: string;

  constructor(command: string, exitCode: number | undefined, output: string, about: string) {
    const how =
      exitCode === undefined ? "could not be started" : `failed with exit code ${exitCode}`;
    super(`${command} ${how}${about && ` (${about})`}\n${lastLines(output, 15)}`);
    this.output = output;
  }
}

export interface RunOptions {
  /** What the run is for, named in the error. */
  about?: string;
  cwd?: string;
  env?: Record<string, string>;
  input?: string | Uint8Array;
  timeoutSeconds?: number;
  /** Called with each line of the program's stderr as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a program and returns its stdout. Throws ProcessError with its last lines when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const settings: Options = {
    all: true,
    reject: false,
    stripFinalNewline: true,
    maxBuffer: 256 * 1024 * 1024,
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.env && { env: options.env }),
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    ...(options.timeoutSeconds && { timeout: options.timeoutSeconds * 1000 }),
  };
  const running = execa(command, args, settings);
  if (options.onLine) {
    for await (const line of running.iterable({ from: "stderr" })) options.onLine(String(line));
  }
  const result = await running;
  if (result.failed) {
    const name = [command, ...args.slice(0, 2).filter((arg) => !arg.startsWith("-"))].join(" ");
    const output = String(result.all ?? "") || result.message || "";
    throw new ProcessError(name, result.exitCode, output, options.about ?? "");
  }
  return String(result.stdout ?? "");
}

function lastLines(text: string, count: number): string {
  const lines = stripVTControlCharacters(text).trimEnd().split("\n").slice(-count);
  return lines.map((line) => `  ${line}`).join("\n");
}
