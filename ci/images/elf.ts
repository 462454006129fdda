import { OursError } from "../errors.ts";

/**
 * Programs of Linux: 64 bits, little-endian. Layout of the tables: man elf(5). How segments may lie in
 * file and memory: System V ABI, chapter 5, https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
 */

const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);

const header = { bytes: 64, segments: 32, sections: 40, segmentCount: 56, sectionSize: 58 };
const [segmentBytes, sectionBytes, symbolBytes] = [56, 64, 24];

const segmentKind = { load: 1, note: 4 };
const writable = 2;
const dynamicSymbols = 11;

/** A part of the file that belongs to an address, such as what is loaded there. */
interface Segment {
  kind: number;
  flags: number;
  offset: number;
  address: number;
  bytes: number;
  memoryBytes: number;
  alignment: number;
}

/** Data of a program that has a name. */
export interface ElfSymbol {
  name: string;
  address: number;
  bytes: number;
}

/**
 * The program without what only debuggers and linkers read: its table of sections, and all that no
 * segment loads. Throws for a file that is no such program.
 */
export function withoutSymbols(program: Buffer): Buffer {
  const segments = segmentsOf(program);
  const tableEnd = numberAt(program, header.segments) + segments.length * segmentBytes;
  const cut = Buffer.from(program.subarray(0, Math.max(tableEnd, ...segments.map(endOf))));
  cut.writeBigUInt64LE(0n, header.sections);
  // Size and number of the table's entries, and which of them has the names.
  cut.fill(0, header.sectionSize, header.sectionSize + 6);
  return cut;
}

/** The one symbol with such a name among those that a program shows to its libraries. */
export function symbolOf(program: Buffer, name: RegExp): ElfSymbol {
  const found = [...symbolsOf(program)].filter((symbol) => name.test(symbol.name));
  const [symbol] = found;
  if (!symbol || found.length > 1)
    throw new OursError(`expected one symbol like ${name} in the program, found ${found.length}`);
  return symbol;
}

/** The bytes that a symbol names, in the program's own memory. */
export function dataOf(program: Buffer, symbol: ElfSymbol): Buffer {
  const { offset, address } = holderOf(segmentsOf(program), symbol);
  const start = offset + symbol.address - address;
  return program.subarray(start, start + symbol.bytes);
}

/**
 * The program with shorter data for a symbol, and without its symbols. Pages that the data no longer
 * fills are neither in the file nor in memory: the segment around becomes two, before and after the
 * hole. The table has no room for one more, so the notes give their place: only debuggers read them.
 */
export function withShorter(program: Buffer, symbol: ElfSymbol, data: Buffer): Buffer {
  const segments = segmentsOf(program);
  const holder = holderOf(segments, symbol);
  const hole = holeOf(segments, symbol, data.length);
  const inFile = (address: number) => holder.offset + address - holder.address;
  const [dataStart, start, end] = [inFile(symbol.address), inFile(hole.start), inFile(hole.end)];
  const cut = Buffer.concat([
    program.subarray(0, dataStart),
    data,
    Buffer.alloc(start - dataStart - data.length),
    program.subarray(end),
  ]);
  const table = withoutNotes(segments).flatMap((segment) => {
    if (segment === holder) return [before(holder, hole.start), after(holder, hole.end, start)];
    const isBehind = segment.offset >= end;
    return [isBehind ? { ...segment, offset: segment.offset - (end - start) } : segment];
  });
  const tableStart = numberAt(cut, header.segments);
  for (const [index, segment] of table.entries())
    writeSegment(cut, tableStart + index * segmentBytes, segment);
  return withoutSymbols(cut);
}

/**
 * The pages that are no longer needed. Offset and address of a segment must stay equal modulo its
 * alignment, so that whole multiples of it are cut: a machine's page may have that size.
 */
function holeOf(segments: Segment[], { name, address, bytes }: ElfSymbol, needed: number) {
  const alignment = Math.max(...segments.filter(isLoaded).map((segment) => segment.alignment));
  const start = Math.ceil((address + needed) / alignment) * alignment;
  const end = Math.floor((address + bytes) / alignment) * alignment;
  if (start >= end)
    throw new OursError(
      `expected data for ${name} that is a page of ${alignment} bytes shorter than ${bytes}, got ${needed}`,
    );
  const other = segments.find(
    (segment) => !isLoaded(segment) && segment.address < end && addressEndOf(segment) > start,
  );
  if (other)
    throw new OursError(
      `expected nothing but ${name} in its memory, found a segment of kind ${other.kind}`,
    );
  return { start, end };
}

/** The segment that loads what the symbol names. Data that a program writes has no shorter form. */
function holderOf(segments: Segment[], { name, address, bytes }: ElfSymbol): Segment {
  const holder = segments.find(
    (segment) =>
      isLoaded(segment) && segment.address <= address && address + bytes <= addressEndOf(segment),
  );
  if (!holder || holder.flags & writable)
    throw new OursError(`expected ${name} in a segment of the file that is only read`);
  return holder;
}

/** Segments but for the first notes. */
function withoutNotes(segments: Segment[]): Segment[] {
  const notes = segments.findIndex(({ kind }) => kind === segmentKind.note);
  if (notes < 0)
    throw new OursError("expected notes in the program's table of segments: their place is needed");
  return segments.toSpliced(notes, 1);
}

function before(segment: Segment, end: number): Segment {
  const bytes = end - segment.address;
  return { ...segment, bytes, memoryBytes: bytes };
}

function after(segment: Segment, address: number, offset: number): Segment {
  const bytes = addressEndOf(segment) - address;
  return { ...segment, offset, address, bytes, memoryBytes: bytes };
}

const isLoaded = ({ kind }: Segment) => kind === segmentKind.load;

const endOf = ({ offset, bytes }: Segment) => offset + bytes;

const addressEndOf = ({ address, memoryBytes }: Segment) => address + memoryBytes;

function segmentsOf(program: Buffer): Segment[] {
  if (program.length < header.bytes || !program.subarray(0, magic.length).equals(magic))
    throw new OursError("expected an ELF file of 64 bits, little-endian");
  const start = numberAt(program, header.segments);
  const count = program.readUInt16LE(header.segmentCount);
  const segments = Array.from({ length: count }, (_, index) =>
    readSegment(program, start + index * segmentBytes),
  );
  if (segments.some((segment) => endOf(segment) > program.length))
    throw new OursError("the ELF file ends before its segments do");
  return segments;
}

function readSegment(program: Buffer, at: number): Segment {
  return {
    kind: program.readUInt32LE(at),
    flags: program.readUInt32LE(at + 4),
    offset: numberAt(program, at + 8),
    address: numberAt(program, at + 16),
    bytes: numberAt(program, at + 32),
    memoryBytes: numberAt(program, at + 40),
    alignment: numberAt(program, at + 48),
  };
}

function writeSegment(program: Buffer, at: number, segment: Segment): void {
  const { kind, flags, offset, address, bytes, memoryBytes, alignment } = segment;
  program.writeUInt32LE(kind, at);
  program.writeUInt32LE(flags, at + 4);
  // The second address is the physical one, of machines without virtual memory.
  for (const [index, value] of [offset, address, address, bytes, memoryBytes, alignment].entries())
    program.writeBigUInt64LE(BigInt(value), at + 8 + index * 8);
}

function* symbolsOf(program: Buffer): Generator<ElfSymbol> {
  const sections = sectionsOf(program);
  for (const { kind, offset, bytes, link } of sections) {
    // The section with the names of this one's symbols.
    const names = sections[link]?.offset ?? 0;
    for (let at = offset; kind === dynamicSymbols && at < offset + bytes; at += symbolBytes) {
      const nameStart = names + program.readUInt32LE(at);
      const name = program.toString("latin1", nameStart, program.indexOf(0, nameStart));
      yield { name, address: numberAt(program, at + 8), bytes: numberAt(program, at + 16) };
    }
  }
}

function sectionsOf(program: Buffer) {
  const start = numberAt(program, header.sections);
  const count = program.readUInt16LE(header.sectionSize + 2);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * sectionBytes;
    return {
      kind: program.readUInt32LE(at + 4),
      offset: numberAt(program, at + 24),
      bytes: numberAt(program, at + 32),
      link: program.readUInt32LE(at + 40),
    };
  });
}

function numberAt(program: Buffer, at: number): number {
  return Number(program.readBigUInt64LE(at));
}
