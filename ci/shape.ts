import type { z } from "zod";
import {
  type DocumentName,
  documents,
  jsonSchema,
  type SchemaNode,
  withoutExtensions,
} from "#schema/documents.ts";
import { formOf } from "./forms.ts";
import { parseJson } from "./json.ts";
import { nearest } from "./nearest.ts";
import { type Problem, quote, show, uniqueProblems } from "./problems.ts";

export type Document<N extends DocumentName> = z.infer<(typeof documents)[N]>;

/** A document read from its text: the typed value if its shape is right, else all that is wrong. */
export function parseDocument<N extends DocumentName>(
  name: N,
  text: string,
  file: string,
): { value?: Document<N>; json?: unknown; problems: Problem[] } {
  const { value: json, problems } = parseJson(text, file);
  if (problems.length > 0) return { problems };
  // Most documents have none, and a copy of 10,000 locks takes its time.
  const mayHaveOwn = text.includes('"x-') || text.includes("\\");
  const plain = mayHaveOwn ? withoutExtensions(json) : json;
  const result = documents[name].safeParse(plain);
  if (result.success) return { value: result.data as Document<N>, json, problems };
  return { json, problems: shapeProblems(name, result.error.issues, plain, file) };
}

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** zod's issues as problems. What was expected is read from the schema, so every message has one form. */
function shapeProblems(
  name: DocumentName,
  issues: readonly Issue[],
  document: unknown,
  file: string,
): Problem[] {
  const root = jsonSchema(name);
  const problems = issues.flatMap((issue) => problemsOf(issue, issue.path));
  return uniqueProblems(problems.map((problem) => ({ file, ...problem })));

  function problemsOf(issue: Issue, path: Path): Omit<Problem, "file">[] {
    const value = valueAt(document, path);
    const node = nodeAt(root, document, path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) =>
        node.propertyNames
          ? wrongKey(key, [...path, key], node)
          : unknownKey(key, [...path, key], node, value),
      );
    }
    if (issue.code === "invalid_union") {
      const branch = branchFor(node, value);
      const inner = branch === undefined ? [] : (issue.errors[branch.index] ?? []);
      if (inner.length > 0) return inner.flatMap((i) => problemsOf(i, [...path, ...i.path]));
      // zod reports an unknown tag of a tagged union at the tag itself.
      const parent = nodeAt(root, document, path.slice(0, -1));
      const tag = discriminator(parent);
      if (tag !== undefined && tag.key === path.at(-1))
        return [valueProblem({ enum: tag.values }, value, path)];
    }
    if (issue.code === "invalid_key") {
      return [wrongKey(String(path.at(-1)), path, nodeAt(root, document, path.slice(0, -1)))];
    }
    return [valueProblem(node, value, path)];
  }
}

function valueProblem(node: SchemaNode, value: unknown, path: Path): Omit<Problem, "file"> {
  return {
    key: dotted(path),
    expected: expectedOf(node, value),
    got: gotOf(node, value),
    hint: hintOf(node, value),
  };
}

/** A key of a record, such as an id, that has not the form of its keys. */
function wrongKey(key: string, path: Path, record: SchemaNode): Omit<Problem, "file"> {
  return { ...valueProblem(keyNode(record), key, path), got: `the key ${quote(key)}` };
}

function unknownKey(
  key: string,
  path: Path,
  node: SchemaNode,
  value: unknown,
): Omit<Problem, "file"> {
  const present = isObject(value) ? Object.keys(value) : [];
  const known = Object.keys(node.properties ?? {}).filter((name) => !present.includes(name));
  const meant = nearest(key, known);
  return {
    key: dotted(path),
    expected: "a key of the schema",
    got: `unknown key '${key}'`,
    hint: meant
      ? `did you mean '${meant}'?`
      : `remove it, or write 'x-${key}': keys that begin with x- are your own`,
  };
}

/** What the schema takes at a place, in words. */
function expectedOf(node: SchemaNode, value?: unknown): string {
  const branches = node.anyOf ?? node.oneOf;
  const tag = discriminator(node);
  if (tag) return `an object whose ${tag.key} is ${oneOf(tag.values)}`;
  if (branches) return [...new Set(branches.map((branch) => expectedOf(branch)))].join(" or ");
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return oneOf(node.enum);
  if (node.type === "string") {
    const tooLong = typeof value === "string" && value.length > (node.maxLength ?? Infinity);
    const form = formOf(node.pattern);
    return form && !tooLong
      ? form.expected
      : `a text${range("characters", node.minLength, node.maxLength)}`;
  }
  if (node.type === "integer" || node.type === "number") {
    const kind = node.type === "integer" ? "a whole number" : "a number";
    if (node.exclusiveMinimum !== undefined) return `${kind} above ${node.exclusiveMinimum}`;
    return `${kind}${bounds(node.minimum, node.maximum)}`;
  }
  if (node.type === "array") return `a list${range("items", node.minItems, node.maxItems)}`;
  if (node.type === "boolean") return "true or false";
  if (node.type === "object") {
    const keys = node.required ?? [];
    return keys.length > 0 ? `an object with ${keys.join(", ")}` : "an object";
  }
  return "another value";
}

function gotOf(node: SchemaNode, value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string" && value.length > (node.maxLength ?? Infinity))
    return `${value.length} characters`;
  if (Array.isArray(value) && node.type === "array" && value.length > 0)
    return `${value.length} items`;
  return show(value);
}

function hintOf(node: SchemaNode, value: unknown): string | undefined {
  const words = node.enum?.filter((word) => typeof word === "string");
  if (words && typeof value === "string") {
    const meant = nearest(value, words);
    if (meant) return `did you mean ${quote(meant)}?`;
  }
  const form = formOf(node.pattern)?.hint?.(value);
  if (form !== undefined) return form;
  return value === undefined ? node.description : undefined;
}

function range(noun: string, least = 0, most?: number): string {
  if (most !== undefined) return ` of ${least > 0 ? `${least} to` : "at most"} ${most} ${noun}`;
  if (least === 1) return ` of at least one ${noun.replace(/s$/, "")}`;
  return least > 0 ? ` of at least ${least} ${noun}` : "";
}

function bounds(least?: number, most?: number): string {
  const upper = most === Number.MAX_SAFE_INTEGER ? undefined : most;
  const lower = least === Number.MIN_SAFE_INTEGER ? undefined : least;
  if (lower !== undefined && upper !== undefined) return ` from ${lower} to ${upper}`;
  if (lower !== undefined) return ` of at least ${lower}`;
  return upper === undefined ? "" : ` of at most ${upper}`;
}

function oneOf(values: unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  return words.length === 1 ? `${words[0]}` : `one of ${words.join(", ")}`;
}

/** `weights[0].sha256`, `yanked["1.0.0"]`. */
export function dotted(path: Path): string | undefined {
  if (path.length === 0) return undefined;
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      const key = String(step);
      return /^[$\w-]+$/.test(key) ? `.${key}` : `[${quote(key)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isObject(value) && Object.hasOwn(value, step)) value = value[String(step)];
    else return undefined;
  }
  return value;
}

/** The schema of the value at a path; in a union, that of the branch which the value resembles. */
function nodeAt(root: SchemaNode, document: unknown, path: Path): SchemaNode {
  let node = root;
  path.forEach((step, index) => {
    const here = branchFor(node, valueAt(document, path.slice(0, index)))?.node ?? node;
    const { items, properties, additionalProperties: others } = here;
    node =
      (typeof step === "number" ? items : properties?.[String(step)]) ??
      (typeof others === "object" ? others : {});
  });
  return node;
}

/** The branch of a union that a value resembles: by its discriminating key, else by its type. */
function branchFor(
  node: SchemaNode,
  value: unknown,
): { node: SchemaNode; index: number } | undefined {
  const branches = node.anyOf ?? node.oneOf;
  if (!branches) return undefined;
  const tag = discriminator(node);
  const index = branches.findIndex((branch) => {
    if (tag) return isObject(value) && tagsOf(branch, tag.key).includes(value[tag.key]);
    return branch.const === undefined && branch.enum === undefined && isOfType(branch.type, value);
  });
  const branch = branches[index];
  return branch && { node: branch, index };
}

function discriminator(node: SchemaNode): { key: string; values: unknown[] } | undefined {
  const branches = node.oneOf ?? [];
  const key = Object.keys(branches[0]?.properties ?? {}).find((name) =>
    branches.every((branch) => tagsOf(branch, name).length > 0),
  );
  return key === undefined
    ? undefined
    : { key, values: branches.flatMap((branch) => tagsOf(branch, key)) };
}

/** The values of a key that a branch of a union stands for. */
function tagsOf(branch: SchemaNode, key: string): unknown[] {
  const node = branch.properties?.[key];
  return node?.enum ?? (node?.const === undefined ? [] : [node.const]);
}

/** The schema of a record's own keys, without the branch that lets `x-` keys pass. */
function keyNode(parent: SchemaNode): SchemaNode {
  return parent.propertyNames?.anyOf?.at(-1) ?? parent.propertyNames ?? {};
}

function isOfType(type: string | undefined, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return typeof value === "number";
  return typeof value === type;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
