import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { compilePython } from "./byte-code.ts";

// It takes seconds until the compiler is there.
describe("byte code", () => {
  it("is the same from another folder, and names the sources as the image has them", async () => {
    const source = { "package/names.py": `names = {"one", "two", "three"} & {"two"}\n` };
    const [one, other] = [folderOf(source), folderOf(source)];
    for (const folder of [one, other]) await compilePython(folder, "/opt/sources");
    const file = "package/__pycache__/names.cpython-313.pyc";
    const made = readFileSync(join(one, file));
    expect(made.equals(readFileSync(join(other, file)))).toBe(true);
    expect(made.includes("/opt/sources/package/names.py")).toBe(true);
  });

  it("isn't made of what is no Python", async () => {
    const folder = folderOf({ "package/broken.py": "def\n" });
    await expect(compilePython(folder, "/opt/sources")).rejects.toThrow(
      /^the Python sources don't compile:\n.*'\/opt\/sources\/package\/broken.py'.*\n.*line 1\n/,
    );
  });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "byte-code-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
