/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  /** Line where it starts, from 1. */
  line: number;
  /** In capitals: FROM, RUN, … */
  name: string;
  /** Leading flags such as `--from=build`, as written. */
  flags: string[];
  /** What follows the flags. */
  rest: string;
}

export interface Dockerfile {
  instructions: Instruction[];
  /** Lines before the first instruction that are not empty. */
  head: { line: number; text: string }[];
  /** Lines that this reader and BuildKit might understand differently; nothing behind them can be trusted. */
  unclear: { line: number; reason: string }[];
}

/**
 * Splits a Dockerfile as BuildKit does: escape directive, continued lines, comments between them, heredocs.
 * Follows frontend/dockerfile/parser/parser.go of https://github.com/moby/buildkit.
 */
export function readDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const mark = escapeOf(lines);
  const continued = mark === "`" ? /^(.*[^`]|)`[ \t\r]*$/ : /^(.*[^\\]|)\\[ \t\r]*$/;
  const file: Dockerfile = { instructions: [], head: [], unclear: [] };

  for (let at = 0; at < lines.length; at++) {
    const first = lines[at] ?? "";
    if (isBlank(first) || isComment(first)) {
      if (file.instructions.length === 0 && !isBlank(first))
        file.head.push({ line: at + 1, text: first.trim() });
      continue;
    }
    const start = at;
    let joined = "";
    for (; at < lines.length; at++) {
      const line = at === start ? first.trimStart() : (lines[at] ?? "");
      if (at > start && (isBlank(line) || isComment(line))) continue;
      const part = continued.exec(line);
      joined += part ? part[1] : line.replace(/\r$/, "");
      if (!part) break;
    }
    const instruction = splitInstruction(joined, start + 1);
    file.instructions.push(instruction);
    if (takesHeredocs(instruction)) at = skipHeredocs(file, lines, at, joined, start + 1);
  }
  return file;
}

/** Paths of COPY and ADD, or the words of any other instruction, without quotes. */
export function wordsOf({ rest }: Instruction): string[] {
  if (rest.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(rest);
      if (Array.isArray(list)) return list.map(String);
    } catch {
      // BuildKit too reads a broken list as plain words.
    }
  }
  return rest.split(/\s+/).filter(Boolean).map(unquote);
}

/** A word as the builder sees it once quotes and escapes are gone. */
export function unquote(word: string): string {
  return word.replace(/["'\\]/g, "");
}

function splitInstruction(text: string, line: number): Instruction {
  const [, name = "", after = ""] = /^(\S+)\s*(.*)$/s.exec(text.trim()) ?? [];
  // What ONBUILD holds is an instruction like any other, only later.
  if (/^onbuild$/i.test(name)) {
    const inner = splitInstruction(after, line);
    return { ...inner, name: `ONBUILD ${inner.name}` };
  }
  const flags: string[] = [];
  let rest = after;
  for (let flag = /^--\S*/.exec(rest); flag; flag = /^--\S*/.exec(rest)) {
    if (flag[0] === "--") break;
    flags.push(flag[0]);
    rest = rest.slice(flag[0].length).trimStart();
  }
  return { line, name: name.toUpperCase(), flags, rest: rest.trim() };
}

/** `# escape=` counts only among the directives at the very head. */
function escapeOf(lines: string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line);
    if (!directive) break;
    if (directive[1]?.toLowerCase() === "escape") return directive[2] ?? "\\";
  }
  return "\\";
}

function takesHeredocs({ name }: Instruction): boolean {
  return /^(ONBUILD )?(RUN|COPY|ADD)$/.test(name);
}

/** Index of the last line of the heredocs that an instruction opens; `at` when it opens none. */
function skipHeredocs(
  file: Dockerfile,
  lines: string[],
  at: number,
  text: string,
  line: number,
): number {
  if (!text.includes("<<")) return at;
  const { words, isBalanced } = splitWords(text);
  const documents = words.flatMap((word) => {
    const match = /^\d*<<(-?)([^<]+)$/.exec(word);
    return match ? [{ trimsTabs: match[1] === "-", end: match[2] ?? "" }] : [];
  });
  const isPlain = documents.every(({ end }) => /^([\w.-]+|'[\w.-]+'|"[\w.-]+")$/.test(end));
  // Inside ${…} and broken quotes the builder's words are not ours.
  const isClear = isBalanced && isPlain && !/\$\{[^}]*[\s<]/.test(text);
  if (!isClear) {
    if (documents.length > 0 || !isBalanced)
      file.unclear.push({ line, reason: "a heredoc within quotes or braces" });
    return at;
  }
  for (const { trimsTabs, end } of documents) {
    const wanted = unquote(end);
    let next = at + 1;
    while (next < lines.length) {
      const candidate = (lines[next] ?? "").replace(/\r$/, "");
      if ((trimsTabs ? candidate.replace(/^\t+/, "") : candidate) === wanted) break;
      next++;
    }
    if (next >= lines.length) {
      file.unclear.push({ line, reason: `a heredoc that never ends with ${wanted}` });
      return at;
    }
    at = next;
  }
  return at;
}

/** Words of a line with their quotes, as the shell of the builder parts them. */
function splitWords(text: string): { words: string[]; isBalanced: boolean } {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\\" && quote !== "'") {
      word += character + (text[at + 1] ?? "");
      at++;
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== "") words.push(word);
      word = "";
    } else {
      if (quote === character) quote = "";
      else if (quote === "" && (character === '"' || character === "'")) quote = character;
      word += character;
    }
  }
  if (word !== "") words.push(word);
  return { words, isBalanced: quote === "" };
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith("#");
}
