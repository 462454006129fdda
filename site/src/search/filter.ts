import { nearest } from "#ci/nearest.ts";
import { fold } from "../search.ts";
import { type Facts, type Field, fields } from "./fields.ts";
import { read } from "./quantity.ts";
import { textOf } from "./text.ts";
import { type Operator, type Token, tokensOf } from "./tokens.ts";

/** What a query asks: words to rank by, and a test that a model must pass. */
export interface Filter {
  words: string;
  test: Test;
}

export type Test = (model: Facts) => boolean;

/** A query that can't be read; its message is a sentence for the one who typed it. */
export class FilterError extends Error {}

/**
 * Reads `cell && memory<2GB && (top1>0.7 || task=segmentation)`. What stands side by side must hold
 * together. Words outside of || and ! are for the ranked search; elsewhere they are looked up as they are.
 */
export function readFilter(query: string): Filter {
  const reader = new Reader(tokensOf(query));
  const node = reader.all();
  return { words: wordsOf(node).join(" "), test: testOf(node) };
}

type Node =
  | { type: "all" | "any"; parts: Node[] }
  | { type: "not"; part: Node }
  | { type: "word"; text: string }
  | { type: "test"; test: Test };

class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  all(): Node {
    const node = this.#tokens.length === 0 ? ({ type: "all", parts: [] } as Node) : this.#any();
    if (this.#peek()?.type === ")")
      throw new FilterError("There is a “)” without a “(” before it.");
    return node;
  }

  #any(): Node {
    const parts = [this.#every()];
    while (this.#take("||")) parts.push(this.#every());
    return parts.length === 1 && parts[0] ? parts[0] : { type: "any", parts };
  }

  #every(): Node {
    const parts = [this.#one("at the start")];
    for (;;) {
      const next = this.#peek()?.type;
      if (next === undefined || next === "||" || next === ")") return { type: "all", parts };
      parts.push(this.#one(this.#take("&&") ? "after “&&”" : "here"));
    }
  }

  #one(place: string): Node {
    if (this.#take("!")) return { type: "not", part: this.#one("after “!”") };
    if (this.#take("(")) {
      const inner = this.#any();
      if (!this.#take(")")) throw new FilterError("A “(” is not closed: a “)” is missing.");
      return inner;
    }
    const token = this.#peek();
    this.#at += 1;
    if (token?.type === "word") return token;
    if (token?.type === "comparison") return { type: "test", test: compare(token) };
    const got = token ? `“${token.type}”` : "the end";
    throw new FilterError(
      `A word or a filter such as memory<2GB should stand ${this.#at === 1 ? "at the start" : place}, got ${got}.`,
    );
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #take(type: Token["type"]): boolean {
    if (this.#peek()?.type !== type) return false;
    this.#at += 1;
    return true;
  }
}

function wordsOf(node: Node): string[] {
  if (node.type === "word") return [node.text];
  return node.type === "all" ? node.parts.flatMap(wordsOf) : [];
}

/** The test of a node, without the words that the ranked search answers. */
function testOf(node: Node): Test {
  if (node.type === "word") return () => true;
  if (node.type !== "all") return literally(node);
  const tests = node.parts.map(testOf);
  return (model) => tests.every((test) => test(model));
}

function literally(node: Node): Test {
  if (node.type === "test") return node.test;
  if (node.type === "word") {
    const wanted = fold(node.text);
    return (model) => textOf(model).includes(wanted);
  }
  if (node.type === "not") {
    const test = literally(node.part);
    return (model) => !test(model);
  }
  const tests = node.parts.map(literally);
  return node.type === "any"
    ? (model) => tests.some((test) => test(model))
    : (model) => tests.every((test) => test(model));
}

type Comparison = Extract<Token, { type: "comparison" }>;

function compare({ field: name, operator, value }: Comparison): Test {
  if (value === "") {
    throw new FilterError(
      `“${name}${operator}” wants a value, such as memory<2GB or task=segmentation.`,
    );
  }
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) return compareMetric(name, operator, value);
  if (field.kind === "word") return compareWord(field, operator, value);
  const wanted = read(value, field.kind);
  if (wanted === undefined) throw new FilterError(wrongNumber(field, value));
  const sign = numeric(operator, name);
  return (model) => holds(field.read(model), sign, wanted);
}

function compareWord(field: Field & { kind: "word" }, operator: Operator, value: string): Test {
  const wanted = plain(value);
  switch (operator) {
    case "=":
      return (model) => field.read(model).some((word) => plain(word) === wanted);
    case "!=":
      return (model) => field.read(model).every((word) => plain(word) !== wanted);
    case "~":
      return (model) => field.read(model).some((word) => plain(word).includes(wanted));
    default:
      throw new FilterError(
        `${field.name} holds words, so it takes =, != or ~ (contains), not “${operator}”.`,
      );
  }
}

/** A claimed figure by its name without signs: top1 is top-1 accuracy; 75.1 % counts as 0.751. */
function compareMetric(name: string, operator: Operator, value: string): Test {
  const near = nearest(
    name,
    fields.map(({ name }) => name),
  );
  const wanted = read(value, "count");
  if (wanted === undefined || near !== undefined) {
    const hint = near
      ? `did you mean “${near}”?`
      : `try ${fields.map(({ name }) => name).join(", ")}.`;
    throw new FilterError(`“${name}” is nothing that can be filtered by; ${hint}`);
  }
  const key = name.replaceAll(/[^a-z0-9]/g, "");
  const sign = numeric(operator, name);
  return ({ metrics = [] }) =>
    metrics.some(
      (metric) =>
        metric.name
          .toLowerCase()
          .replaceAll(/[^a-z0-9]/g, "")
          .startsWith(key) && holds(shareOf(metric), sign, wanted),
    );
}

/** Percentages as shares, without the dust that the division leaves. */
const shareOf = ({ value, unit }: NonNullable<Facts["metrics"]>[number]): number =>
  unit === "%" ? Number((value / 100).toPrecision(12)) : value;

function numeric(operator: Operator, name: string): Exclude<Operator, "~"> {
  if (operator === "~")
    throw new FilterError(`${name} is a number, so it takes =, !=, <, <=, > or >=, not “~”.`);
  return operator;
}

/** What is not known of a model never holds. */
function holds(
  value: number | undefined,
  operator: Exclude<Operator, "~">,
  wanted: number,
): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case "=":
      return value === wanted;
    case "!=":
      return value !== wanted;
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
  }
}

const examples = {
  bytes: "a size such as 500MB or 2GB",
  seconds: "a time such as 20ms or 1.5s",
  count: "a number such as 2020 or 25M",
};

const wrongNumber = (field: Field, value: string): string =>
  `${field.name} takes ${field.kind === "word" ? "a word" : examples[field.kind]}, got “${value}”.`;

// The same few words come back for every model, and folding is the dear part of a comparison.
const known = new Map<string, string>();

/** Words are compared without case, accents and the sign between them. */
function plain(text: string): string {
  let folded = known.get(text);
  if (folded === undefined) {
    folded = fold(text).replaceAll(/[\s_-]+/g, "-");
    known.set(text, folded);
  }
  return folded;
}
