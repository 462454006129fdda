import type { FileBytes } from "./file-bytes.ts";
import { Unreadable } from "./unreadable.ts";

/**
 * Protocol buffers as they lie in a file. Libraries decode a message that is in memory as a whole;
 * a network of some gigabytes would be so too, only to be asked for its shapes.
 */

/** A field of a message: a number, or the place of what it holds. */
export interface Field {
  number: number;
  /** The value of a varint; of other fields 0. */
  value: number;
  /** Where the content lies. A varint has none. */
  start: number;
  end: number;
}

// A field of a graph is a node, a name or a number; real networks have less than a million.
const mostFields = 5_000_000;

/** Reads messages of protobuf out of a file, field by field, without their contents. */
export class WireReader {
  readonly file: FileBytes;
  #seen = 0;

  constructor(file: FileBytes) {
    this.file = file;
  }

  /** The fields of a message, one after the other. Throws Unreadable where it is none. */
  *fields({ start, end }: Pick<Field, "start" | "end">): Generator<Field> {
    for (let at = start; at < end; ) {
      this.#count();
      const key = this.#varint(at);
      const number = Math.floor(key.value / 8);
      const field = this.#field(number, key.value % 8, key.end);
      if (field.end > end || number === 0) throw new Unreadable("It is no protocol buffer.");
      yield field;
      at = field.end;
    }
  }

  /** All numbers of a repeated field, of which this is one part: packed, or a single one. */
  *varints(field: Field): Generator<number> {
    if (field.start === field.end) yield field.value;
    for (let at = field.start; at < field.end; ) {
      this.#count();
      const { value, end } = this.#varint(at);
      yield value;
      at = end;
    }
  }

  text({ start, end }: Field): string {
    return this.file.text(start, end);
  }

  #count(): void {
    this.#seen += 1;
    if (this.#seen > mostFields)
      throw new Unreadable(`The graph has more than ${mostFields.toLocaleString("en")} fields.`);
  }

  #field(number: number, wire: number, at: number): Field {
    if (wire === 0) {
      const { value, end } = this.#varint(at);
      return { number, value, start: end, end };
    }
    if (wire === 1) return { number, value: 0, start: at, end: at + 8 };
    if (wire === 5) return { number, value: 0, start: at, end: at + 4 };
    if (wire !== 2) throw new Unreadable("It is no protocol buffer.");
    const { value, end } = this.#varint(at);
    if (value < 0 || end + value > this.file.length)
      throw new Unreadable("A part of the file says that it is longer than the file.");
    return { number, value: 0, start: end, end: end + value };
  }

  #varint(start: number): { value: number; end: number } {
    let low = 0;
    for (let at = start; at < start + 4; at++) {
      const byte = this.file.byte(at);
      low += (byte & 127) << (7 * (at - start));
      if (byte < 128) return { value: low, end: at + 1 };
    }
    let all = BigInt(low);
    for (let at = start + 4; at < start + 10; at++) {
      const byte = this.file.byte(at);
      all += BigInt(byte & 127) << BigInt(7 * (at - start));
      if (byte < 128) return { value: Number(BigInt.asIntN(64, all)), end: at + 1 };
    }
    throw new Unreadable("It is no protocol buffer.");
  }
}
