import type { Network } from "#schema/network.ts";
import { FileBytes } from "./file-bytes.ts";
import { Call, Global, itemsOf, Outside, unpickle } from "./pickle.ts";
import { Unreadable } from "./unreadable.ts";
import { findInZip } from "./zip-entry.ts";

/** Files of `torch.save`: https://docs.pytorch.org/docs/stable/notes/serialization.html */

const types: { [storage: string]: [name: string, bytes: number] } = {
  BFloat16Storage: ["bfloat16", 2],
  BoolStorage: ["bool", 1],
  ByteStorage: ["uint8", 1],
  CharStorage: ["int8", 1],
  DoubleStorage: ["float64", 8],
  FloatStorage: ["float32", 4],
  HalfStorage: ["float16", 2],
  IntStorage: ["int32", 4],
  LongStorage: ["int64", 8],
  ShortStorage: ["int16", 2],
};

/** The parameters of a state dict; it holds no graph. Throws Unreadable where it is none. */
export function readStateDict(path: string): Network {
  return FileBytes.with(path, (file) => {
    const tensors = [...stateDict(savedValue(file)).values()].flatMap(tensorOf);
    if (tensors.length === 0) throw new Unreadable("It holds no tensors by name.");
    const held = new Map(tensors.map(({ storage, bytes }) => [storage, bytes]));
    if ([...held.values()].reduce((sum, bytes) => sum + bytes, 0) > file.length)
      throw new Unreadable("It holds fewer numbers than its tensors say.");
    const byType: { [type: string]: number } = {};
    for (const { type, count } of tensors)
      if (!/^(int64|bool)$/.test(type)) byType[type] = (byType[type] ?? 0) + count;
    const total = Object.values(byType).reduce((sum, count) => sum + count, 0);
    return { parameters: { total, byType } };
  });
}

// What a file before PyTorch 1.6 begins with.
const pickleStart = 0x80;
const legacyMagic = Number(0x1950a86a20f9469cfc6cn);

function savedValue(file: FileBytes): unknown {
  const entry = findInZip(file, /(^|\/)data\.pkl$/);
  if (entry !== undefined) return unpickle(file, entry).value;
  if (file.length === 0 || file.byte(0) !== pickleStart)
    throw new Unreadable("It is no file of torch.save.");
  const magic = unpickle(file, 0);
  if (magic.value !== legacyMagic) throw new Unreadable("It is no file of torch.save.");
  const version = unpickle(file, magic.end);
  const machine = unpickle(file, version.end);
  return unpickle(file, machine.end).value;
}

const nested = ["state_dict", "model_state_dict", "model", "net", "weights"];

/** Tensors by name: the value itself, or what a checkpoint holds beside its optimizer. */
function stateDict(value: unknown): Map<unknown, unknown> {
  const map = itemsOf(value) ?? new Map();
  const inner = nested.map((name) => itemsOf(map.get(name))).find((found) => found?.size);
  return inner ?? map;
}

interface Tensor {
  type: string;
  count: number;
  storage: unknown;
  /** Of the storage, which several tensors may share. */
  bytes: number;
}

function tensorOf(value: unknown): Tensor[] {
  // A parameter is a tensor in a coat.
  const [coat] = argumentsOf(value, /^torch\._utils\._rebuild_parameter/) ?? [];
  const args = argumentsOf(coat ?? value, /^torch\._utils\._rebuild_tensor(_v2)?$/);
  if (!args) return [];
  const [outside, , size] = args;
  const id = outside instanceof Outside ? outside.id : undefined;
  const [, storage, key, , numbers] = Array.isArray(id) ? id : [];
  const name = storage instanceof Global ? (storage.name.split(".").at(-1) ?? "") : "";
  const [type, bytes] = (Object.hasOwn(types, name) && types[name]) || [];
  const count = Array.isArray(size) ? size.reduce(times, 1) : Number.NaN;
  const isWhole = Number.isSafeInteger(count) && count >= 0 && Number.isSafeInteger(numbers);
  if (type === undefined || bytes === undefined || !isWhole)
    throw new Unreadable("A tensor in it has no type or shape that is known.");
  // What is repeated by strides is held once.
  return [{ type, count: Math.min(count, numbers), storage: key, bytes: numbers * bytes }];
}

function argumentsOf(value: unknown, what: RegExp): readonly unknown[] | undefined {
  const isCall = value instanceof Call && value.what instanceof Global;
  return isCall && what.test((value.what as Global).name) ? value.args : undefined;
}

const times = (all: number, one: unknown): number =>
  typeof one === "number" ? all * one : Number.NaN;
