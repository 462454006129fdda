import type { Constant } from "./layers.ts";
import { Unreadable } from "./unreadable.ts";
import type { Field, WireReader } from "./wire.ts";

/** TensorProto: https://github.com/onnx/onnx/blob/v1.19.0/onnx/onnx.proto */

/** Types by ONNX's number, with the bits that an element takes. */
const types: { [number: number]: [name: string, bits: number] } = {
  1: ["float32", 32],
  2: ["uint8", 8],
  3: ["int8", 8],
  4: ["uint16", 16],
  5: ["int16", 16],
  6: ["int32", 32],
  7: ["int64", 64],
  8: ["string", 0],
  9: ["bool", 8],
  10: ["float16", 16],
  11: ["float64", 64],
  12: ["uint32", 32],
  13: ["uint64", 64],
  14: ["complex64", 64],
  15: ["complex128", 128],
  16: ["bfloat16", 16],
  17: ["float8e4m3fn", 8],
  18: ["float8e4m3fnuz", 8],
  19: ["float8e5m2", 8],
  20: ["float8e5m2fnuz", 8],
  21: ["uint4", 4],
  22: ["int4", 4],
  23: ["float4e2m1", 4],
};

/** The name of an element type by its number in ONNX, such as float32. */
export const typeName = (number: number): string => types[number]?.[0] ?? `type ${number}`;

/** A tensor of the file; its numbers are passed over, save a lone one. */
export function readTensor(wire: WireReader, place: Pick<Field, "start" | "end">): Constant {
  const tensor = { name: "", type: 0, count: 1 };
  const held: Held = { raw: undefined, floatBytes: 0, otherBytes: 0, isElsewhere: false };
  for (const field of wire.fields(place)) {
    if (field.number === 1) for (const size of wire.varints(field)) tensor.count *= size;
    else if (field.number === 2) tensor.type = field.value;
    else if (field.number === 8) tensor.name = wire.text(field);
    else if (field.number === 9) held.raw = field;
    else if (field.number === 4 || field.number === 10) held.floatBytes += field.end - field.start;
    else if ([5, 6, 7, 11].includes(field.number))
      held.otherBytes += Math.max(1, field.end - field.start);
    else if (field.number === 14) held.isElsewhere = field.value === 1;
  }
  const { name, count } = tensor;
  const [type, bits] = types[tensor.type] ?? [typeName(tensor.type), undefined];
  if (!Number.isSafeInteger(count) || count < 0)
    throw new Unreadable(`The tensor “${name}” has a shape that no file can hold.`);
  if (held.isElsewhere)
    throw new Unreadable(`The tensor “${name}” lies in another file, which is not read.`);
  // Its shape is what is counted, so a shape of more than is there would be a boast.
  if (!holds(held, count, bits))
    throw new Unreadable(`The tensor “${name}” holds other numbers than its shape says.`);
  const isLoneFloat = count === 1 && type === "float32" && held.raw;
  return {
    name,
    type,
    count,
    ...(isLoneFloat && {
      value: wire.file.bytes(isLoneFloat.start, isLoneFloat.end).readFloatLE(),
    }),
  };
}

/** Where a tensor's numbers lie: raw, or in one of the lists for its type. */
interface Held {
  raw: Field | undefined;
  floatBytes: number;
  otherBytes: number;
  isElsewhere: boolean;
}

function holds({ raw, floatBytes, otherBytes }: Held, count: number, bits: number | undefined) {
  if (raw) return bits === undefined || raw.end - raw.start === Math.ceil((count * bits) / 8);
  if (floatBytes > 0) return floatBytes * 8 === count * (bits ?? 0);
  // A number of these lists takes a byte or more, and two of four bits share one.
  return count <= otherBytes * 2;
}
