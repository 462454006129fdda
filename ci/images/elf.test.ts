import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { dataOf, symbolOf, withoutSymbols, withShorter } from "./elf.ts";

const isLinux = process.platform === "linux";
const icuName = /^icudt\d+_dat$/;
// Other than Node's own, that of a distribution has ICU in a library.
const hasIcu = isLinux && "icu_data_in" in process.config.variables;

describe.skipIf(!isLinux)("a program without symbols", () => {
  it("is smaller and does the same", () => {
    const folder = mkdtempSync(join(tmpdir(), "elf-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "node");
    writeFileSync(file, withoutSymbols(readFileSync(process.execPath)), { mode: 0o755 });
    expect(statSync(file).size).toBeLessThan(statSync(process.execPath).size);
    const script = 'console.log(process.version, new Intl.NumberFormat("de").format(1234.5))';
    const told = execFileSync(file, ["-e", script], { encoding: "utf8" });
    expect(told).toBe(`${process.version} 1.234,5\n`);
  });

  it("is the same when it is made of itself", () => {
    const once = withoutSymbols(readFileSync(process.execPath));
    expect(withoutSymbols(once).equals(once)).toBe(true);
  });

  it("isn't made of what is no program, or was cut off", () => {
    expect(() => withoutSymbols(Buffer.from("#!/bin/sh\n".repeat(9)))).toThrow("an ELF file");
    const cut = readFileSync(process.execPath).subarray(0, 1_000_000);
    expect(() => withoutSymbols(cut)).toThrow("ends before its segments do");
  });
});

describe.skipIf(!hasIcu)("a program with shorter data", () => {
  const program = isLinux ? readFileSync(process.execPath) : Buffer.alloc(0);
  const shorter = Buffer.from("shorter");
  const isLoad = ({ kind }: { kind: number }) => kind === 1;

  it("has it at the same address, and all else where it was", () => {
    const icu = symbolOf(program, icuName);
    const cut = withShorter(program, icu, shorter);
    const loads = tableOf(cut).filter(isLoad);
    expect(loads).toHaveLength(tableOf(program).filter(isLoad).length + 1);
    let loaded = 0;
    for (const { address, offset, bytes } of loads) {
      loaded += bytes;
      // The table itself and the header are in the first segment, the data at the end of another.
      const from = address === loads[0]?.address ? 4096 : 0;
      const to = Math.min(bytes, icu.address >= address ? icu.address - address : bytes);
      const now = cut.subarray(offset + from, offset + to);
      expect(now.equals(loadedFrom(program, address + from, to - from))).toBe(true);
    }
    expect(loadedFrom(cut, icu.address, shorter.length).equals(shorter)).toBe(true);
    const whole = tableOf(program).filter(isLoad);
    const left = whole.reduce((sum, { bytes }) => sum + bytes, 0) - loaded;
    expect(left).toBeGreaterThan(icu.bytes - 2 * 65_536);
    expect(cut.length).toBe(withoutSymbols(program).length - left);
  });

  it("keeps what loaders ask of segments: sorted, in pages of any size that the program allows", () => {
    const larger = Buffer.from(program);
    for (const { at, kind } of tableOf(larger))
      if (kind === 1) larger.writeBigUInt64LE(0x10_000n, at + 48);
    for (const whole of [program, larger]) {
      const cut = withShorter(whole, symbolOf(whole, icuName), shorter);
      const [before, after] = [tableOf(whole), tableOf(cut)].map((table) => table.filter(isLoad));
      const [{ alignment } = { alignment: 0 }] = before ?? [];
      expect((withoutSymbols(whole).length - cut.length) % alignment).toBe(0);
      const addresses = (after ?? []).map(({ address }) => address);
      expect(addresses).toEqual(addresses.toSorted((a, b) => a - b));
      const shifts = (table: typeof before) =>
        new Set(table?.map(({ address, offset }) => (address - offset) % alignment));
      expect(shifts(after)).toEqual(shifts(before));
    }
  });

  it("isn't made where the program has no such data, or none that is only read", () => {
    expect(() => symbolOf(program, /^icudt0_dat$/)).toThrow("found 0");
    expect(() => symbolOf(program, /./)).toThrow(/found \d{2,}/);
    expect(() => symbolOf(withoutSymbols(program), icuName)).toThrow("found 0");
    const icu = symbolOf(program, icuName);
    expect(() => dataOf(program, { ...icu, bytes: 1e9 })).toThrow("in a segment of the file");
    const written = Buffer.from(program);
    for (const { at, kind, flags } of tableOf(written))
      if (kind === 1) written.writeUInt32LE(flags | 2, at + 4);
    expect(() => withShorter(written, icu, shorter)).toThrow("that is only read");
  });

  it("isn't made where there is nothing to gain, or no place for a segment", () => {
    const icu = symbolOf(program, icuName);
    const all = dataOf(program, icu);
    expect(() => withShorter(program, icu, all)).toThrow(/shorter than \d+, got \d+/);
    const noted = Buffer.from(program);
    for (const { at, kind } of tableOf(noted)) if (kind === 4) noted.writeUInt32LE(0x99, at);
    expect(() => withShorter(noted, icu, shorter)).toThrow("expected notes");
  });

  it("isn't made where something else lies in the hole", () => {
    const icu = symbolOf(program, icuName);
    const shared = Buffer.from(program);
    for (const { at, kind } of tableOf(shared))
      if (kind === 7) shared.writeBigUInt64LE(BigInt(icu.address + 1_000_000), at + 16);
    expect(() => withShorter(shared, icu, shorter)).toThrow("found a segment of kind 7");
  });
});

/** The program's table of segments, and where each entry is. */
function tableOf(program: Buffer) {
  const start = Number(program.readBigUInt64LE(32));
  return Array.from({ length: program.readUInt16LE(56) }, (_, index) => {
    const at = start + index * 56;
    const [offset = 0, address = 0, bytes = 0, alignment = 0] = [8, 16, 32, 48].map((field) =>
      Number(program.readBigUInt64LE(at + field)),
    );
    const [kind, flags] = [program.readUInt32LE(at), program.readUInt32LE(at + 4)];
    return { at, kind, flags, offset, address, bytes, alignment };
  });
}

/** What a loader puts at an address. */
function loadedFrom(program: Buffer, start: number, length: number): Buffer {
  const segment = tableOf(program).find(
    ({ kind, address, bytes }) => kind === 1 && address <= start && start < address + bytes,
  );
  const at = start - (segment?.address ?? 0) + (segment?.offset ?? 0);
  return program.subarray(at, at + length);
}
