import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commitAll } from "../e2e/commit.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { pushLocks, pushScans } from "./locks.ts";

const example = join(root, "registry/schema/fixtures/lock/valid/no-weights.json");

let folder = "";
let checkout = "";
let locks = "";
const said: string[] = [];

beforeEach(async () => {
  said.length = 0;
  folder = mkdtempSync(join(tmpdir(), "modelhub-locks-"));
  [checkout, locks] = [join(folder, "checkout"), join(folder, "locks")];
  await execa("git", [
    "init",
    "--quiet",
    "--bare",
    "--initial-branch=main",
    join(folder, "origin"),
  ]);
  await execa("git", ["clone", "--quiet", join(folder, "origin"), checkout], { stderr: "ignore" });
  await git(checkout, "checkout", "--quiet", "-B", "main");
  const { id, version, source } = lock();
  cpSync(join(root, "registry/registry.json"), join(checkout, "registry.json"));
  const { repository, revision } = source;
  const maintainers = [{ github: "someone" }];
  const model = join(checkout, "models", id);
  writeJson(join(model, "model.json"), { schemaVersion: "1", title: "A", repository, maintainers });
  writeJson(join(model, version, "source.json"), { schemaVersion: "1", repository, revision });
  await commit(checkout);
  writeJson(join(locks, "lock-a", "lock.json"), lock());
});
afterEach(() => rmSync(folder, { recursive: true }));

const say = (line: string) => said.push(line);
const lock = () =>
  readJson(example) as {
    id: string;
    version: string;
    source: { repository: string; revision: string };
  };
const git = (cwd: string, ...args: string[]) => execa("git", args, { cwd });

async function commit(cwd: string) {
  await commitAll(cwd);
  await git(cwd, "push", "--quiet", "origin", "HEAD:main");
}

async function changedByLast(): Promise<string[]> {
  const { stdout } = await git(join(folder, "origin"), "show", "--name-only", "--format=", "main");
  return stdout.split("\n");
}

test("pushes the locks and nothing else", async () => {
  writeFileSync(join(checkout, "registry.json.orig"), "left by somebody");
  writeFileSync(join(locks, "lock-a", "evil.sh"), "true");
  await pushLocks(locks, checkout, say);
  const { id, version } = lock();
  expect(await changedByLast()).toEqual([`models/${id}/${version}/lock.json`]);
  expect(said).toEqual(["pushed 1 lock"]);
});

test("goes on when somebody pushed meanwhile", async () => {
  const other = join(folder, "other");
  await execa("git", ["clone", "--quiet", "--branch", "main", join(folder, "origin"), other]);
  writeFileSync(join(other, "README.md"), "new");
  await commit(other);
  await pushLocks(locks, checkout, say);
  const { stdout } = await git(join(folder, "origin"), "ls-tree", "-r", "--name-only", "main");
  expect(stdout).toContain("README.md");
  expect(stdout).toContain("lock.json");
});

test("says so when every lock is there already", async () => {
  await pushLocks(locks, checkout, say);
  await pushLocks(locks, checkout, say);
  expect(said.at(-1)).toBe("every lock is as it was");
});

test("refuses a lock of another revision than the entry's", async () => {
  const other = { ...lock(), source: { ...lock().source, revision: "f".repeat(40) } };
  writeJson(join(locks, "lock-a", "lock.json"), other);
  await expect(pushLocks(locks, checkout, say)).rejects.toThrow(
    `the lock speaks of ${"f".repeat(40)}`,
  );
});

test("refuses what is no lock", async () => {
  writeJson(join(locks, "lock-a", "lock.json"), { ...lock(), id: "../../.github" });
  await expect(pushLocks(locks, checkout, say)).rejects.toThrow();
  expect(readFileSync(join(checkout, "registry.json"), "utf8")).toContain("schemaVersion");
});

test("pushes a scan of the SBOM that is locked, and of no other", async () => {
  const attestations = { sbom: `sha256:${"5".repeat(64)}`, provenance: `sha256:${"6".repeat(64)}` };
  writeJson(join(locks, "lock-a", "lock.json"), { ...lock(), attestations });
  await pushLocks(locks, checkout, say);
  const { id, version } = lock();
  const fixture = join(root, "registry/schema/fixtures/scan/valid/findings.json");
  const scan = { ...(readJson(fixture) as object), id, version };
  const scans = join(folder, "scans");
  writeJson(join(scans, id, version, "scan.json"), { ...scan, sbom: attestations.sbom });
  await pushScans(scans, checkout, say);
  expect(await changedByLast()).toEqual([`models/${id}/${version}/scan.json`]);
  expect(said.at(-1)).toBe("pushed 1 scan");
  writeJson(join(scans, id, version, "scan.json"), scan);
  await expect(pushScans(scans, checkout, say)).rejects.toThrow("the scan speaks of sha256:1111");
});
