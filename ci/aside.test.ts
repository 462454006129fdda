import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { withAside } from "./aside.ts";

const empty = () => mkdtempSync(join(tmpdir(), "modelhub-aside-"));

test("the folder goes with its use, and lies beside what is made", async () => {
  const parent = empty();
  const names = await withAside(join(parent, "made"), async (aside) => {
    expect(readdirSync(parent)).toEqual([basename(aside)]);
    return readdirSync(aside);
  });
  expect(names).toEqual([]);
  expect(readdirSync(parent)).toEqual([]);
});

test("the folder goes with the program that is stopped while it fills it", async () => {
  const parent = empty();
  const script = `
    import { writeFileSync } from "node:fs";
    import { withAside } from ${JSON.stringify(new URL("aside.ts", import.meta.url))};
    process.once("SIGINT", () => process.exit(130));
    withAside(${JSON.stringify(join(parent, "made"))}, async (aside) => {
      writeFileSync(aside + "/half", "");
      process.stdout.write("half");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  await once(child.stdout, "data");
  expect(readdirSync(parent)).toHaveLength(1);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
  expect(readdirSync(parent)).toEqual([]);
});

test("what a killed process left goes before the next use; what may be in use stays", async () => {
  const parent = empty();
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  const old = (name: string) => {
    mkdirSync(join(parent, name));
    utimesSync(join(parent, name), 0, 0);
    return name;
  };
  old(`.made.${dead}-AbCd12`);
  const kept = [`.made.${process.pid}-AbCd12`, `.another.${dead}-AbCd12`].map(old);
  mkdirSync(join(parent, `.made.${dead}-justMd`));
  await withAside(join(parent, "made"), async () => {});
  expect(readdirSync(parent).sort()).toEqual([...kept, `.made.${dead}-justMd`].sort());
});
