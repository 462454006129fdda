import type { FileBytes } from "./file-bytes.ts";
import { Unreadable } from "./unreadable.ts";

/**
 * Python's pickle, as far as files of PyTorch use it: https://docs.python.org/3/library/pickletools.html.
 * A pickle is a program; here it may build lists and maps, and what it would call is only noted.
 */

/** A name that the pickle would import. */
export class Global {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** What the pickle would make by calling something. */
export class Call {
  readonly what: unknown;
  readonly args: readonly unknown[];
  constructor(what: unknown, args: readonly unknown[]) {
    this.what = what;
    this.args = args;
  }
}

/** What lies outside of the pickle, by what it is known by. */
export class Outside {
  readonly id: unknown;
  constructor(id: unknown) {
    this.id = id;
  }
}

// State dicts of the largest networks take some hundred thousand.
const mostSteps = 1_000_000;
const longestNumber = 16;
const longestLine = 1024;

export interface Unpickled {
  value: unknown;
  /** Where the next pickle begins. */
  end: number;
}

/** The value that a pickle at this place builds. Throws Unreadable where it is none, or does more. */
export function unpickle(file: FileBytes, start: number): Unpickled {
  const machine = new Machine(file, start);
  for (let step = 0; step < mostSteps; step++) if (machine.step()) return machine.result();
  throw new Unreadable("The pickle has too many steps.");
}

class Machine {
  readonly #file: FileBytes;
  readonly #memo = new Map<number, unknown>();
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  #at: number;

  constructor(file: FileBytes, at: number) {
    this.#file = file;
    this.#at = at;
  }

  result(): Unpickled {
    return { value: this.#pop(), end: this.#at };
  }

  /** Takes one step; true after the last. */
  step(): boolean {
    const code = this.#file.byte(this.#at++);
    if (code === 0x2e) return true;
    const act = actions.get(code);
    if (!act) throw new Unreadable(`The pickle has a step (${code}) that state dicts don't need.`);
    act(this);
    return false;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw new Unreadable("It is no pickle.");
    return this.#stack.pop();
  }

  pop(count = 1): unknown[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** What was pushed since the last mark. */
  popToMark(): unknown[] {
    const place = this.#marks.pop();
    if (place === undefined) throw new Unreadable("It is no pickle.");
    return this.#stack.splice(place);
  }

  top(): unknown {
    return this.#stack.at(-1);
  }

  remember(place = this.#memo.size): void {
    this.#memo.set(place, this.top());
  }

  recall(place: number): void {
    if (!this.#memo.has(place)) throw new Unreadable("It is no pickle.");
    this.push(this.#memo.get(place));
  }

  /** An unsigned number of so many bytes. */
  number(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return this.#file.bytes(at, this.#at).readUIntLE(0, bytes);
  }

  signed(bytes: number): number {
    if (bytes === 0) return 0;
    if (bytes > longestNumber) throw new Unreadable("A number in the pickle is too long.");
    const value = [...this.#taken(bytes)].reduceRight((all, byte) => all * 256n + BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * bytes, value));
  }

  double(): number {
    return this.#taken(8).readDoubleBE();
  }

  text(bytes: number): string {
    const at = this.#at;
    this.#at += bytes;
    return this.#file.text(at, this.#at);
  }

  line(): string {
    const start = this.#at;
    while (this.#file.byte(this.#at) !== 0x0a) {
      this.#at += 1;
      if (this.#at - start > longestLine) throw new Unreadable("It is no pickle.");
    }
    this.#at += 1;
    return this.#file.text(start, this.#at - 1);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  #taken(bytes: number): Buffer {
    const at = this.#at;
    this.#at += bytes;
    return this.#file.bytes(at, this.#at);
  }
}

function setItems(machine: Machine, items: readonly unknown[]): void {
  const map = machine.top();
  // Of what it would call, such as an OrderedDict, the items are kept as if it were a map.
  const target = map instanceof Call ? itemsOf(map) : map;
  if (!(target instanceof Map)) throw new Unreadable("It is no pickle.");
  for (let at = 0; at + 1 < items.length; at += 2) target.set(items[at], items[at + 1]);
}

const items = new WeakMap<Call, Map<unknown, unknown>>();

/** The items of a map, or of what a pickle would make and fill as one. */
export function itemsOf(value: unknown): Map<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  if (!(value instanceof Call)) return undefined;
  const map = items.get(value) ?? new Map<unknown, unknown>();
  items.set(value, map);
  return map;
}

function append(machine: Machine, values: readonly unknown[]): void {
  const list = machine.top();
  if (Array.isArray(list)) for (const value of values) list.push(value);
}

const reduce = (machine: Machine): void => {
  const [what, args] = machine.pop(2);
  machine.push(new Call(what, Array.isArray(args) ? args : []));
};

const named = (parts: readonly unknown[]): string =>
  parts.filter((part) => typeof part === "string").join(".");

const actions = new Map<number, (machine: Machine) => void>([
  [0x80, (m) => m.skip(1)], // PROTO
  [0x95, (m) => m.skip(8)], // FRAME
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => m.pop()], // POP
  [0x32, (m) => m.push(m.top())], // DUP
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4b, (m) => m.push(m.number(1))], // BININT1
  [0x4d, (m) => m.push(m.number(2))], // BININT2
  [0x4a, (m) => m.push(m.signed(4))], // BININT
  [0x8a, (m) => m.push(m.signed(m.number(1)))], // LONG1
  [0x47, (m) => m.push(m.double())], // BINFLOAT
  [0x58, (m) => m.push(m.text(m.number(4)))], // BINUNICODE
  [0x8c, (m) => m.push(m.text(m.number(1)))], // SHORT_BINUNICODE
  [0x54, (m) => m.push(m.text(m.number(4)))], // BINSTRING
  [0x55, (m) => m.push(m.text(m.number(1)))], // SHORT_BINSTRING
  [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x29, (m) => m.push([])], // EMPTY_TUPLE
  [0x74, (m) => m.push(m.popToMark())], // TUPLE
  [0x85, (m) => m.push(m.pop(1))], // TUPLE1
  [0x86, (m) => m.push(m.pop(2))], // TUPLE2
  [0x87, (m) => m.push(m.pop(3))], // TUPLE3
  [0x61, (m) => append(m, m.pop(1))], // APPEND
  [0x65, (m) => append(m, m.popToMark())], // APPENDS
  [0x73, (m) => setItems(m, m.pop(2))], // SETITEM
  [0x75, (m) => setItems(m, m.popToMark())], // SETITEMS
  [0x71, (m) => m.remember(m.number(1))], // BINPUT
  [0x72, (m) => m.remember(m.number(4))], // LONG_BINPUT
  [0x94, (m) => m.remember()], // MEMOIZE
  [0x68, (m) => m.recall(m.number(1))], // BINGET
  [0x6a, (m) => m.recall(m.number(4))], // LONG_BINGET
  [0x63, (m) => m.push(new Global(`${m.line()}.${m.line()}`))], // GLOBAL
  [0x93, (m) => m.push(new Global(named(m.pop(2))))], // STACK_GLOBAL
  [0x51, (m) => m.push(new Outside(m.pop()[0]))], // BINPERSID
  [0x52, reduce], // REDUCE
  [0x81, reduce], // NEWOBJ
  [0x62, (m) => m.pop()], // BUILD: what it would set stays unset
]);
