import { type Problem, quote } from "./problems.ts";

/** The value of a JSON text, and what is wrong with the text. Keys written twice are refused: readers would disagree on them. */
export function parseJson(text: string, file: string): { value?: unknown; problems: Problem[] } {
  const lost = text.indexOf(lostCharacter);
  const good = lost < 0 ? parseGood(text) : undefined;
  if (good !== undefined) return { value: good, problems: [] };
  const problems: Problem[] = [];
  const place = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  };
  if (lost >= 0) {
    const hint = "save the file as UTF-8; a U+FFFD that is meant is written as \\ufffd";
    const problem = { expected: "text in UTF-8", got: "bytes that are none", hint };
    return { problems: [{ file, key: place(lost), ...problem }] };
  }
  try {
    scan(text, ({ key, offset, isRepeated }) => {
      const fact = isRepeated
        ? { expected: "each key once", got: `${quote(key)} again`, hint: "remove one of the two" }
        : { expected: "any other key", got: quote(key), hint: "JavaScript reads it as its own" };
      problems.push({ file, key: place(offset), ...fact });
    });
    return problems.length > 0 ? { problems } : { value: JSON.parse(text), problems };
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    const { offset, expected } = error;
    return {
      problems: [
        ...problems,
        {
          file,
          key: place(offset),
          expected,
          got: foundAt(text, offset),
          hint: hintFor(error, text),
        },
      ],
    };
  }
}

// What bytes that are no UTF-8 are read as; without it, `Wüste` of another encoding becomes a title.
const lostCharacter = "\uFFFD";
const byteOrderMark = "\uFEFF";

/**
 * The value of a text without faults: as many keys in the value as colons outside of the text's strings
 * say that no key comes twice, many times faster than a walk over the text.
 */
function parseGood(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return countKeys(value, 0) === countColons(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keys at all levels of a value; not a number where it holds what the walk refuses. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth === maxDepth) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item, depth + 1);
    return count;
  }
  for (const key in value) {
    if (key === "__proto__") return Number.NaN;
    count += 1 + countKeys(value[key as keyof typeof value], depth + 1);
  }
  return count;
}

const [quoteCode, backslashCode, colonCode] = ['"', "\\", ":"].map((one) => one.charCodeAt(0));

/** Colons outside of the strings of a text that is JSON. */
function countColons(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === colonCode) count++;
    else if (code === quoteCode) {
      for (at++; text.charCodeAt(at) !== quoteCode; at++)
        if (text.charCodeAt(at) === backslashCode) at++;
    }
  }
  return count;
}

class Unexpected extends Error {
  readonly offset: number;
  readonly expected: string;

  constructor(offset: number, expected: string) {
    super(expected);
    this.offset = offset;
    this.expected = expected;
  }
}

// Deeper documents are an attack on the reader's stack, not a config.
const maxDepth = 100;

interface BadKey {
  key: string;
  offset: number;
  isRepeated: boolean;
}

/** Walks a JSON text by its grammar, since JSON.parse names neither the place of every error nor repeated keys. */
function scan(text: string, onBadKey: (found: BadKey) => void): void {
  let at = 0;
  value(0);
  space();
  if (at < text.length) throw new Unexpected(at, "the end of the file");

  function value(depth: number): void {
    space();
    if (depth > maxDepth) throw new Unexpected(at, `at most ${maxDepth} levels`);
    const first = text[at];
    if (first === "{") object(depth);
    else if (first === "[") list(depth);
    else if (first === '"') string();
    else if (!take(/-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?|true|false|null/y))
      throw new Unexpected(at, "a value");
  }

  function object(depth: number): void {
    const keys = new Set<string>();
    at++;
    space();
    if (text[at] === "}") {
      at++;
      return;
    }
    for (;;) {
      space();
      const start = at;
      if (text[at] !== '"') throw new Unexpected(at, "a key in double quotes");
      string();
      const key: string = JSON.parse(text.slice(start, at));
      const isRepeated = keys.has(key);
      if (isRepeated || key === "__proto__") onBadKey({ key, offset: start, isRepeated });
      keys.add(key);
      space();
      if (text[at] !== ":") throw new Unexpected(at, "a colon after the key");
      at++;
      value(depth + 1);
      space();
      if (text[at] === "}") break;
      if (text[at] !== ",") throw new Unexpected(at, "a comma or }");
      at++;
    }
    at++;
  }

  function list(depth: number): void {
    at++;
    space();
    if (text[at] === "]") {
      at++;
      return;
    }
    for (;;) {
      value(depth + 1);
      space();
      if (text[at] === "]") break;
      if (text[at] !== ",") throw new Unexpected(at, "a comma or ]");
      at++;
    }
    at++;
  }

  function string(): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses them in strings
    if (!take(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y))
      throw new Unexpected(at, "a text that ends on its line, with valid escapes");
  }

  function space(): void {
    take(/[ \t\r\n]*/y);
  }

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  }
}

function foundAt(text: string, offset: number): string {
  if (text[offset] === byteOrderMark) return "a byte order mark";
  const word = /[\w.-]+|[^\s]/y;
  word.lastIndex = offset;
  const found = word.exec(text)?.[0];
  return found === undefined ? "the end of the file" : `\`${found.slice(0, 40)}\``;
}

function hintFor({ offset }: Unexpected, text: string): string | undefined {
  const comma = text.slice(0, offset).trimEnd().endsWith(",");
  if (comma && /^\s*[}\]]/.test(text.slice(offset))) return "remove the comma before it";
  if (text[offset] === byteOrderMark) return "save the file as UTF-8 without BOM";
  if (text[offset] === "/" || text[offset] === "#") return "JSON has no comments";
  if (/^"[^"\n]*\\/.test(text.slice(offset)))
    return "in JSON a backslash is written twice; paths take forward slashes";
  if (text[offset] === "'") return "texts stand in double quotes";
  return undefined;
}
