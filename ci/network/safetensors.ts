import type { Network } from "#schema/network.ts";
import { FileBytes } from "./file-bytes.ts";
import { Unreadable } from "./unreadable.ts";

/** safetensors: https://github.com/huggingface/safetensors#format */

// The format allows ten times as much; the headers of the largest networks take a megabyte.
const mostHeaderBytes = 10_000_000;

/** Names of types in the words that the other formats use. */
const types: { [name: string]: [name: string, bytes: number] } = {
  BOOL: ["bool", 1],
  U8: ["uint8", 1],
  I8: ["int8", 1],
  F8_E4M3: ["float8e4m3fn", 1],
  F8_E5M2: ["float8e5m2", 1],
  I16: ["int16", 2],
  U16: ["uint16", 2],
  F16: ["float16", 2],
  BF16: ["bfloat16", 2],
  I32: ["int32", 4],
  U32: ["uint32", 4],
  F32: ["float32", 4],
  F64: ["float64", 8],
  I64: ["int64", 8],
  U64: ["uint64", 8],
};

/** The parameters of a safetensors file; it holds no graph. Throws Unreadable where it is none. */
export function readSafetensors(path: string): Network {
  return FileBytes.with(path, readHeader);
}

function readHeader(file: FileBytes): Network {
  const size = Number(file.bytes(0, 8).readBigUInt64LE());
  if (size > Math.min(mostHeaderBytes, file.length - 8))
    throw new Unreadable("Its header says that it is longer than the file, or than 10 MB.");
  const byType: { [type: string]: number } = {};
  for (const [name, tensor] of Object.entries(parse(file.bytes(8, 8 + size)))) {
    if (name === "__metadata__") continue;
    const [type, count] = readTensor(name, tensor, file.length - 8 - size);
    if (/^(u?int64|bool)$/.test(type)) continue;
    byType[type] = (byType[type] ?? 0) + count;
  }
  const total = Object.values(byType).reduce((sum, count) => sum + count, 0);
  if (total * 0.5 > file.length)
    throw new Unreadable("It holds fewer numbers than its header says.");
  return { parameters: { total, byType } };
}

function parse(header: Buffer): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(header.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as { [name: string]: unknown };
  } catch {
    // Said below.
  }
  throw new Unreadable("Its header is no JSON object.");
}

function readTensor(name: string, tensor: unknown, most: number): [type: string, count: number] {
  const { dtype, shape, data_offsets: offsets } = (tensor ?? {}) as { [key: string]: unknown };
  const [type, bytes] = types[String(dtype)] ?? [];
  const count = Array.isArray(shape)
    ? shape.reduce((product, size) => product * Number(size), 1)
    : Number.NaN;
  const held = Array.isArray(offsets) ? Number(offsets[1]) - Number(offsets[0]) : Number.NaN;
  if (type === undefined || bytes === undefined || held !== count * bytes)
    throw new Unreadable(
      `The tensor “${name.slice(0, 100)}” holds other numbers than its shape says.`,
    );
  if (Number((offsets as unknown[])[1]) > most || !Number.isSafeInteger(count) || count < 0)
    throw new Unreadable(`The tensor “${name.slice(0, 100)}” reaches beyond the file.`);
  return [type, count];
}
