import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { withoutSymbols } from "./elf.ts";

describe.skipIf(process.platform !== "linux")("a program without symbols", () => {
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
