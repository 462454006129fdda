import { stripVTControlCharacters } from "node:util";
import { execa, type Options } from "execa";
import { OursError } from "./errors.ts";

// A stranger's program may print gigabytes; what a person can use of it is its end.
const mostOutput = 65_536;

const mostRead = 256 * 1024 * 1024;

/** A program that ended with an exit code other than 0, told so that a person can go on from it. */
export class ProcessError extends OursError {
  override name = "ProcessError";
  readonly output: string;

  constructor(command: string, how: string, output: string, about: string) {
    const told = output.slice(-mostOutput);
    super(`${command} ${how}${about && ` (${about})`}\n${lastLines(told, 15)}`);
    this.output = told;
  }
}

export interface RunOptions {
  /** What the run is for, named in the error. */
  about?: string;
  cwd?: string;
  env?: Record<string, string>;
  input?: string | Uint8Array;
  timeoutSeconds?: number;
  /** Exit codes that are no failure either, such as those by which a program says what it found. */
  goodExitCodes?: readonly number[];
  /** Called with each line of the program's stderr as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a program and returns its stdout. Throws ProcessError with its last lines when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const running = execa(command, args, { ...settingsOf(options), all: true });
  if (options.onLine) {
    for await (const line of running.iterable({ from: "stderr" })) options.onLine(String(line));
  }
  const result = await running;
  const isGood = options.goodExitCodes?.includes(result.exitCode ?? -1);
  if (result.failed && !isGood)
    throw failure(command, args, result, String(result.all ?? ""), options);
  return String(result.stdout ?? "");
}

/** The same for a program whose stdout is no text. */
export async function runForBytes(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Uint8Array> {
  const settings = {
    ...settingsOf(options),
    encoding: "buffer",
    stripFinalNewline: false,
  } as const;
  const result = await execa(command, args, settings);
  const stderr = new TextDecoder().decode(result.stderr);
  if (result.failed) throw failure(command, args, result, stderr, options);
  return result.stdout;
}

function settingsOf({ cwd, env, input, timeoutSeconds }: RunOptions) {
  return {
    reject: false,
    stripFinalNewline: true,
    maxBuffer: mostRead,
    ...(cwd && { cwd }),
    ...(env && { env }),
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    ...(timeoutSeconds && { timeout: timeoutSeconds * 1000 }),
  } satisfies Options;
}

function failure(
  command: string,
  args: readonly string[],
  result: Outcome,
  output: string,
  { about = "", timeoutSeconds }: RunOptions,
): ProcessError {
  const name = [command, ...args.slice(0, 2).filter((arg) => !arg.startsWith("-"))].join(" ");
  return new ProcessError(
    name,
    ending(result, timeoutSeconds),
    output || result.message || "",
    about,
  );
}

interface Outcome {
  exitCode?: number | undefined;
  signal?: string | undefined;
  message?: string | undefined;
  timedOut: boolean;
  isMaxBuffer: boolean;
}

/** How a run ended, after the name of its command. */
function ending({ exitCode, signal, timedOut, isMaxBuffer }: Outcome, seconds?: number): string {
  if (isMaxBuffer) return `printed more than ${mostRead / 2 ** 20} MiB, and was ended`;
  if (timedOut) return `took longer than ${seconds} s, and was ended`;
  if (exitCode !== undefined) return `failed with exit code ${exitCode}`;
  return signal ? `was ended by ${signal}` : "could not be started";
}

function lastLines(text: string, count: number): string {
  const lines = stripVTControlCharacters(text).trimEnd().split("\n").slice(-count);
  return lines.map((line) => `  ${line}`).join("\n");
}
