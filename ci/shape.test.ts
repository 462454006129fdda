import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type DocumentName, documents, jsonSchema } from "#schema/documents.ts";
import { formOf } from "./forms.ts";
import { root } from "./home.ts";
import { parseJson } from "./json.ts";
import { formatProblems } from "./problems.ts";
import { parseDocument } from "./shape.ts";

const fixtures = join(root, "registry", "schema", "fixtures");

describe("every invalid fixture", () => {
  for (const name of readdirSync(fixtures) as DocumentName[]) {
    const files = readdirSync(join(fixtures, name, "invalid"));
    test.each(files)(`${name}: %s is explained in words, at one place`, (file) => {
      const text = readFileSync(join(fixtures, name, "invalid", file), "utf8");
      const { value, problems } = parseDocument(name, text, `${name}.json`);
      expect(value).toBeUndefined();
      const message = formatProblems(problems);
      expect(message).toMatch(/^\S+\n {2}(\S.*: )?expected \S.*, got \S.*/);
      expect(message).not.toMatch(/another value|undefined|\[object|Invalid|NaN/);
      expect(problems, message).toHaveLength(1);
    });
  }
});

test("every pattern of the schemas has a form in words", () => {
  const patterns = new Set<string>();
  for (const name of Object.keys(documents) as DocumentName[])
    JSON.stringify(jsonSchema(name), (key, value) => {
      if (key === "pattern" && typeof value === "string") patterns.add(value);
      return value;
    });
  patterns.delete("^x-");
  expect([...patterns].filter((pattern) => !formOf(pattern))).toEqual([]);
});

describe("problems of a shape", () => {
  const source = {
    schemaVersion: "1",
    repository: "https://example.org",
    revision: "0".repeat(40),
  };
  const say = (name: DocumentName, value: unknown) =>
    formatProblems(parseDocument(name, JSON.stringify(value), "x.json").problems)
      .split("\n")
      .slice(1);

  test("name a mistyped key and the one that was meant", () => {
    expect(say("source", { ...source, revision: undefined, revison: "0".repeat(40) })).toEqual([
      "  revision: expected a full commit SHA (40 hex digits), got nothing",
      "  hint: `git rev-parse HEAD` in your repository prints it",
      "  revison: expected a key of the schema, got unknown key 'revison'",
      "  hint: did you mean 'revision'?",
    ]);
  });

  test("offer x- to keys that resemble none", () => {
    expect(say("source", { ...source, colour: "red" })).toEqual([
      "  colour: expected a key of the schema, got unknown key 'colour'",
      "  hint: remove it, or write 'x-colour': keys that begin with x- are your own",
    ]);
  });

  test("name all branches of a union, or the one that is meant", () => {
    expect(say("source", { ...source, path: ["x"] })).toEqual([
      '  path: expected "." or a path inside the folder (forward slashes, no ".."), got a list',
    ]);
    const model = {
      schemaVersion: "1",
      title: "x",
      repository: "https://example.org",
      maintainers: [{ github: "a" }],
    };
    expect(say("model", { ...model, status: { state: "activ" } })).toEqual([
      '  status.state: expected one of "active", "deprecated", got "activ"',
      '  hint: did you mean "active"?',
    ]);
    expect(say("model", { ...model, status: { state: "deprecated" } })).toEqual([
      "  status.reason: expected a text of 1 to 500 characters, got nothing",
      "  hint: Why.",
    ]);
    expect(say("model", { ...model, status: "active" })).toEqual([
      '  status: expected an object whose state is one of "active", "deprecated", got "active"',
    ]);
    expect(
      say("model", { ...model, yanked: { v1: { reason: "x", since: "2026-01-31" } } }),
    ).toEqual([
      '  yanked.v1: expected a semantic version such as 1.0.0, got the key "v1"',
      "  hint: write it without the v",
    ]);
  });

  test.each([
    ["git@github.com:me/model.git", 'such as "https://github.com/me/model.git"'],
    ["ssh://git@github.com/me/model", 'such as "https://github.com/me/model"'],
    ["http://github.com/me/model", 'such as "https://github.com/me/model"'],
    ["../model.git", "push it to a host that others can fetch from"],
    ["file:///srv/model.git", "push it to a host that others can fetch from"],
  ])("say what to write for a repository at %s", (repository, hint) => {
    const [problem, advice] = say("source", { ...source, repository });
    expect(problem).toContain("repository: expected an address that begins with https://, got");
    expect(advice).toContain(`hint: ${hint}`);
  });

  test("leave a document with own keys as it is for the reader, without them for us", () => {
    const { value, json } = parseDocument("source", JSON.stringify({ ...source, "x-a": 1 }), "x");
    expect(value).toEqual(source);
    expect(json).toEqual({ ...source, "x-a": 1 });
  });
});

describe("parseJson", () => {
  const say = (text: string) =>
    parseJson(text, "x.json").problems.map(
      ({ key, expected, got, hint }) => `${key}: ${expected}, ${got}${hint ? ` (${hint})` : ""}`,
    );

  test.each([
    [
      '{\n  "a": 1,\n}',
      "line 3, column 1: a key in double quotes, `}` (remove the comma before it)",
    ],
    ["[1,\n 2,]", "line 2, column 4: a value, `]` (remove the comma before it)"],
    ['{"a" 1}', "line 1, column 6: a colon after the key, `1`"],
    ['{"a": 1 "b": 2}', 'line 1, column 9: a comma or }, `"`'],
    ["[1 2]", "line 1, column 4: a comma or ], `2`"],
    ["{'a': 1}", "line 1, column 2: a key in double quotes, `'` (texts stand in double quotes)"],
    [
      "\uFEFF{}",
      "line 1, column 1: a value, a byte order mark (save the file as UTF-8 without BOM)",
    ],
    [
      '{\n"a": "W\uFFFDste"}',
      "line 2, column 8: text in UTF-8, bytes that are none (save the file as UTF-8; a U+FFFD that is meant is written as \\ufffd)",
    ],
    ["{\"a\": 'b'}", "line 1, column 7: a value, `'` (texts stand in double quotes)"],
    ['{\n// why\n"a": 1}', "line 2, column 1: a key in double quotes, `/` (JSON has no comments)"],
    ['{"a": "b\n"}', 'line 1, column 7: a text that ends on its line, with valid escapes, `"`'],
    [
      '["a", "weights\\digits.onnx"]',
      'line 1, column 7: a text that ends on its line, with valid escapes, `"` (in JSON a backslash is written twice; paths take forward slashes)',
    ],
    ["", "line 1, column 1: a value, the end of the file"],
    ['{"a": 1', "line 1, column 8: a comma or }, the end of the file"],
    ["{} {}", "line 1, column 4: the end of the file, `{`"],
    ["NaN", "line 1, column 1: a value, `NaN`"],
    ["01", "line 1, column 2: the end of the file, `1`"],
    [
      '{"a": 1, "b": {"a": 2}, "a": 3}',
      'line 1, column 25: each key once, "a" again (remove one of the two)',
    ],
    [
      '{"a": "\\": {", "\\u0061": 1}',
      'line 1, column 16: each key once, "a" again (remove one of the two)',
    ],
    [
      '{"__proto__": 1}',
      'line 1, column 2: any other key, "__proto__" (JavaScript reads it as its own)',
    ],
    [
      '{\n  "__proto__": 1\n}\n',
      'line 2, column 3: any other key, "__proto__" (JavaScript reads it as its own)',
    ],
    ["[".repeat(200), "line 1, column 102: at most 100 levels, `[`"],
    [`${"[".repeat(200)}${"]".repeat(200)}`, "line 1, column 102: at most 100 levels, `[`"],
  ])("finds the place in %j", (text, problem) => {
    expect(say(text)).toEqual([problem]);
  });

  test.each([
    '{"a": [1, -2.5e+3, true, false, null, "\\u00e9\\n", {}, []]}',
    '{"a:": ":\\": \\\\", "b": {"a:": "::"}, "constructor": [{"b": 1}]}',
    " 7 ",
    '"ü"',
    `["${"x".repeat(3_000_000)}"]`,
  ])("reads what JSON.parse reads", (text) => {
    expect(parseJson(text, "x.json")).toEqual({ value: JSON.parse(text), problems: [] });
  });
});
