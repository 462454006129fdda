import { z } from "zod";

/** One thing to mend: where it is, what was expected, what came, and what to do. */
export const Problem = z.object({
  /** The file as the reader finds it. */
  file: z.string(),
  /** Place in the file: a dotted key, or `line 3`. */
  key: z.string().optional(),
  expected: z.string(),
  got: z.string().optional(),
  hint: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** All problems as text, grouped by file. */
export function formatProblems(problems: readonly Problem[]): string {
  return [...groupByFile(problems)]
    .map(([file, group]) => [printable(file), ...group.map(formatProblem)].join("\n"))
    .join("\n\n");
}

/** The same as data, for `--json`: sorted by file, without empty fields. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...groupByFile(problems).values()].flat();
}

/** Without those that say the same as one before. */
export function uniqueProblems(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** A line such as `3 problems in 2 files`. */
export function countProblems(problems: readonly Problem[]): string {
  const files = new Set(problems.map((problem) => problem.file)).size;
  return `${plural(problems.length, "problem")} in ${plural(files, "file")}`;
}

/** A value as a message shows it: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return quote(value);
  return String(value);
}

/** A text in double quotes, cut where it would fill the screen. */
export function quote(text: string): string {
  return printable(JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text));
}

/** `1 file`, `14 files`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** `512 bytes`, `18.8 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, "byte");
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const unit = ["", "kB", "MB", "GB", "TB"][power];
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${unit}`;
}

/** `10,485,761 bytes (10.5 MB)`: for limits, which a file may exceed by one byte. */
export function exactBytes(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : `${plural(bytes, "byte")} (${formatBytes(bytes)})`;
}

/** The problems once each, by file; those that name a line in its order, all others as they came. */
function groupByFile(problems: readonly Problem[]): Map<string, Problem[]> {
  const files = Map.groupBy(uniqueProblems(problems), (problem) => problem.file);
  for (const group of files.values()) group.sort((a, b) => lineOf(a) - lineOf(b));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function lineOf({ key }: Problem): number {
  return Number(/^line (\d+)/.exec(key ?? "")?.[1] ?? 0);
}

function formatProblem({ key, expected, got, hint }: Problem): string {
  const place = key === undefined ? "" : `${key}: `;
  const fact = printable(`${place}expected ${expected}`);
  const lines = [got === undefined ? `  ${fact}` : `  ${fact}, got${came(got)}`];
  if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
  return lines.join("\n");
}

/** What came; a log of several lines gets lines of its own, further in than any problem stands. */
function came(got: string): string {
  const lines = got.split("\n").map(printable);
  return lines.length === 1 ? ` ${lines[0]}` : lines.map((line) => `\n      ${line}`).join("");
}

/** Names and values are a stranger's: none of them may move the cursor or forge a line. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
