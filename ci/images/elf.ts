/** Programs of Linux: 64 bits, little-endian. Layout of the header: man elf(5). */

const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);

const offsetOf = { segments: 32, sections: 40, segmentSize: 54, segmentCount: 56, sectionSize: 58 };

/**
 * The program without what only debuggers and linkers read: its table of sections, and all that no
 * segment loads. Throws for a file that is no such program.
 */
export function withoutSymbols(program: Buffer): Buffer {
  if (program.length < 64 || !program.subarray(0, magic.length).equals(magic))
    throw new Error("expected an ELF file of 64 bits, little-endian");
  const start = Number(program.readBigUInt64LE(offsetOf.segments));
  const size = program.readUInt16LE(offsetOf.segmentSize);
  const count = program.readUInt16LE(offsetOf.segmentCount);
  let end = start + size * count;
  for (let at = start; at < start + size * count; at += size) {
    const [offset, bytes] = [program.readBigUInt64LE(at + 8), program.readBigUInt64LE(at + 32)];
    end = Math.max(end, Number(offset + bytes));
  }
  if (end > program.length) throw new Error("the ELF file ends before its segments do");
  const cut = Buffer.from(program.subarray(0, end));
  cut.writeBigUInt64LE(0n, offsetOf.sections);
  // Size and number of the table's entries, and which of them has the names.
  cut.fill(0, offsetOf.sectionSize, offsetOf.sectionSize + 6);
  return cut;
}
