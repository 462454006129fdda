import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const parent = mkdtempSync(join(tmpdir(), "own-"));

/** A program that writes a temporary file, and then does what `ending` says. */
async function started(ending: string): Promise<ChildProcess> {
  const script = `
    import { writeFileSync } from "node:fs";
    import { tmpdir } from "node:os";
    import { takeOwnTemporary } from ${JSON.stringify(new URL("own-temporary.ts", import.meta.url))};
    takeOwnTemporary();
    writeFileSync(tmpdir() + "/file", "text");
    process.stdout.write("written");
    process.stdin.once("data", () => { ${ending} });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, TMPDIR: parent },
  });
  await once(child.stdout, "data");
  expect(readdirSync(parent, { recursive: true })).toHaveLength(2);
  return child;
}

test.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("what lies in the folder goes with the program at %s", async (signal, code) => {
  const child = await started("");
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([code, null]);
  expect(readdirSync(parent)).toEqual([]);
});

test.each(["process.exit(7);", 'throw new Error("a fault");'])("and at %s", async (ending) => {
  const child = await started(ending);
  child.stdin?.write("go");
  const [code] = await once(child, "exit");
  expect(code).not.toBe(0);
  expect(readdirSync(parent)).toEqual([]);
});
