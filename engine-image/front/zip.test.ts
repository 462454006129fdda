import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ZipEntry, zip, zipBytes } from "./zip.ts";

const folder = mkdtempSync(join(tmpdir(), "zip-test-"));
const python = process.env["MODELHUB_PYTHON"] ?? "python3";

async function archive(entries: ZipEntry[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of zip(entries)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

function onDisk(name: string, bytes: Buffer): ZipEntry {
  const path = join(folder, name.replaceAll("/", "-"));
  writeFileSync(path, bytes);
  return { name, path, bytes: bytes.length };
}

describe("a zip", () => {
  it("holds each file as it is, and has the size that was told before", async () => {
    const entries = [
      onDisk("model/weights.bin", Buffer.alloc(200_000, 7)),
      { name: "größe.txt", content: Buffer.from("abc"), bytes: 3 },
      onDisk("empty", Buffer.alloc(0)),
    ];
    const bytes = await archive(entries);
    expect(bytes.length).toBe(zipBytes(entries));
    const path = join(folder, "archive.zip");
    writeFileSync(path, bytes);
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for entry in archive.infolist():
        print(entry.filename, entry.compress_type, len(archive.read(entry)))
`;
    const listed = execFileSync(python, ["-c", script, path], {
      encoding: "utf8",
      env: { ...process.env, PYTHONUTF8: "1" },
    });
    expect(listed.trim().split("\n")).toEqual([
      "model/weights.bin 0 200000",
      "größe.txt 0 3",
      "empty 0 0",
    ]);
  });

  it("is the same bytes each time", async () => {
    const entries = [onDisk("a", Buffer.from("abc"))];
    expect((await archive(entries)).equals(await archive(entries))).toBe(true);
  });

  it("counts files beyond 4 GiB in fields of 64 bits", () => {
    const large = { name: "a", path: "/nonexistent", bytes: 5 * 2 ** 30 };
    const small = { name: "b", path: "/nonexistent", bytes: 10 };
    const headers = (entry: ZipEntry, more: number) => 30 + 46 + 2 + more + entry.bytes;
    // Two sizes before the file; those and, of the second, its place at the archive's end.
    expect(zipBytes([large, small])).toBe(
      headers(large, 2 * (4 + 16)) + headers(small, 4 + 8) + 56 + 20 + 22,
    );
  });
});
