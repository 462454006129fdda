import { crc32 } from "node:zlib";
import { filePieces } from "./pieces.ts";

/** A file of an archive: its bytes, or where they lie. */
export type ZipEntry = { name: string; bytes: number } & ({ content: Buffer } | { path: string });

interface Placed {
  entry: ZipEntry;
  name: Buffer;
  at: number;
  crc: number;
}

// The format's numbers: a value that doesn't fit its 32 bits stands in the zip64 field instead.
const max32 = 0xffffffff;
const zip64Id = 1;
const version = 45;
const utf8Names = 0x0800;
// 1 January 1980, the format's first day: the same files give the same bytes whenever it is made.
const date = 0x0021;

/** Size of the archive, known before any file is read. */
export function zipBytes(entries: ZipEntry[]): number {
  let at = 0;
  let central = 0;
  for (const entry of entries) {
    const name = Buffer.byteLength(entry.name);
    central += 46 + name + extra(entry.bytes, at).length;
    at += 30 + name + extra(entry.bytes).length + entry.bytes;
  }
  return at + central + endRecord(entries.length, at, central).length;
}

/**
 * A zip archive of the files as they are, not deflated: weights and arrays hardly shrink. A piece is
 * good until the next one is asked for.
 */
export async function* zip(entries: ZipEntry[]): AsyncGenerator<Buffer> {
  const placed: Placed[] = [];
  let at = 0;
  for (const entry of entries) {
    const file = { entry, name: Buffer.from(entry.name), at, crc: await checksum(entry) };
    placed.push(file);
    const header = localHeader(file);
    yield header;
    yield* read(entry);
    at += header.length + entry.bytes;
  }
  const central = Buffer.concat(placed.map(centralHeader));
  yield central;
  yield endRecord(entries.length, at, central.length);
}

async function* read(entry: ZipEntry): AsyncGenerator<Buffer> {
  if ("content" in entry) yield entry.content;
  else yield* filePieces(entry.path, entry.bytes);
}

async function checksum(entry: ZipEntry): Promise<number> {
  let crc = 0;
  for await (const chunk of read(entry)) crc = crc32(chunk, crc);
  return crc;
}

function localHeader({ entry, name, crc }: Placed): Buffer {
  const more = extra(entry.bytes);
  const header = Buffer.alloc(30);
  header.write("PK\x03\x04", "latin1");
  common(header, 4, entry, name, more, crc);
  return Buffer.concat([header, name, more]);
}

function centralHeader({ entry, name, at, crc }: Placed): Buffer {
  const more = extra(entry.bytes, at);
  const header = Buffer.alloc(46);
  header.write("PK\x01\x02", "latin1");
  header.writeUInt16LE(version, 4);
  common(header, 6, entry, name, more, crc);
  header.writeUInt32LE(Math.min(at, max32), 42);
  return Buffer.concat([header, name, more]);
}

/** The fields that both kinds of header have, in the same order; method 0 means stored. */
function common(
  header: Buffer,
  start: number,
  { bytes }: ZipEntry,
  name: Buffer,
  more: Buffer,
  crc: number,
): void {
  header.writeUInt16LE(version, start);
  header.writeUInt16LE(utf8Names, start + 2);
  header.writeUInt16LE(date, start + 8);
  header.writeUInt32LE(crc, start + 10);
  header.writeUInt32LE(Math.min(bytes, max32), start + 14);
  header.writeUInt32LE(Math.min(bytes, max32), start + 18);
  header.writeUInt16LE(name.length, start + 22);
  header.writeUInt16LE(more.length, start + 24);
}

/** The zip64 field: those of size, size again and place that don't fit 32 bits. */
function extra(bytes: number, at = 0): Buffer {
  const values = [...(bytes >= max32 ? [bytes, bytes] : []), ...(at >= max32 ? [at] : [])];
  if (values.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(zip64Id, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries())
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return field;
}

function endRecord(count: number, at: number, bytes: number): Buffer {
  const large = at >= max32 || bytes >= max32 || count >= 0xffff;
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(bytes, max32), 12);
  end.writeUInt32LE(Math.min(at, max32), 16);
  return large ? Buffer.concat([zip64End(count, at, bytes), end]) : end;
}

function zip64End(count: number, at: number, bytes: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.write("PK\x06\x06", "latin1");
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(version, 12);
  end.writeUInt16LE(version, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(at), 48);
  end.write("PK\x06\x07", 56, "latin1");
  end.writeBigUInt64LE(BigInt(at + bytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
