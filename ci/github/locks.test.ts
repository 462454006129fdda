import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Lock } from "#schema/lock.ts";
import { commitAll } from "../e2e/commit.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { pushLocks, pushScans, pushTests } from "./locks.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

let stage: DoubleStage;
/** What the job that published hands on. */
let lock: Lock;
let other: Lock;
let folder = "";
let checkout = "";
let locks = "";
const said: string[] = [];

beforeAll(async () => {
  stage = await DoubleStage.open(["tiny-net", "other"]);
  [lock, other] = [await stage.publish("tiny-net"), await stage.publish("other")];
  for (const { id } of [lock, other]) rmSync(join(stage.registry, "models", id, "1.0.0/lock.json"));
});
afterAll(async () => {
  await stage.close();
  rmSync(home, { recursive: true });
});

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
  cpSync(stage.registry, checkout, { recursive: true });
  await commit(checkout);
  handOn(lock);
});
afterEach(() => rmSync(folder, { recursive: true }));

const handOn = (content: object, artifact = "lock-a") =>
  writeJson(join(locks, artifact, "lock.json"), content);
const say = (line: string) => said.push(line);
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
  // Were it read, the lock would be there twice.
  mkdirSync(join(locks, "link"));
  symlinkSync("../lock-a/lock.json", join(locks, "link", "lock.json"));
  await pushLocks(locks, checkout, say);
  const { id, version } = lock;
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
  handOn({ ...lock, source: { ...lock.source, revision: "f".repeat(40) } });
  await expect(pushLocks(locks, checkout, say)).rejects.toThrow(
    `the lock speaks of ${"f".repeat(40)}`,
  );
});

describe("refuses a lock that the OCI registry does not bear out, whichever job left it:", () => {
  const zero = `sha256:${"0".repeat(64)}`;
  test.each<[string, () => object, string]>([
    [
      "one of an image elsewhere",
      () => ({ ...lock, image: { ...lock.image, name: "ghcr.io/evil/models/tiny-net" } }),
      "expected the lock of an image",
    ],
    [
      "one with another model's record",
      () => ({ ...lock, record: other.record }),
      "record: expected a digest that the registry holds",
    ],
    [
      "one of an image that was never published",
      () => ({ ...lock, image: { ...lock.image, digest: zero } }),
      `image.digest: expected a digest that the registry holds, got ${zero}`,
    ],
    [
      "one that names another runtime",
      () => ({ ...lock, stack: { ...lock.stack, runtime: zero } }),
      "attestations.provenance: expected runtime 0000",
    ],
    [
      "one with a variant that was never published",
      () => ({
        ...lock,
        variants: { cuda: { ...lock.image, ...lock.stack, name: undefined, base: undefined } },
      }),
      "1.0.0-cuda",
    ],
    [
      "one that nothing vouches for",
      () => ({ ...lock, attestations: undefined }),
      "expected a lock with a provenance",
    ],
  ])("%s", async (_, forged, sentence) => {
    handOn(forged());
    await expect(pushLocks(locks, checkout, say)).rejects.toThrow(sentence);
    expect(await changedByLast()).not.toContain("models/tiny-net/1.0.0/lock.json");
  });

  test("a second one beside the right one", async () => {
    handOn(lock, "lock-of-somebody-else");
    await expect(pushLocks(locks, checkout, say)).rejects.toThrow("expected one lock, got two");
  });
});

test("refuses what is no lock", async () => {
  handOn({ ...lock, id: "../../.github" });
  await expect(pushLocks(locks, checkout, say)).rejects.toThrow();
  expect(readFileSync(join(checkout, "registry.json"), "utf8")).toContain("schemaVersion");
});

test("pushes a scan of the SBOM that is locked, and of no other", async () => {
  await pushLocks(locks, checkout, say);
  const { id, version } = lock;
  const fixture = join(root, "registry/schema/fixtures/scan/valid/findings.json");
  const scan = { ...(readJson(fixture) as object), id, version };
  const scans = join(folder, "scans");
  writeJson(join(scans, id, version, "scan.json"), { ...scan, sbom: lock.attestations?.sbom });
  await pushScans(scans, checkout, say);
  expect(await changedByLast()).toEqual([`models/${id}/${version}/scan.json`]);
  expect(said.at(-1)).toBe("pushed 1 scan");
  writeJson(join(scans, id, version, "scan.json"), scan);
  await expect(pushScans(scans, checkout, say)).rejects.toThrow("the scan speaks of sha256:1111");
});

describe("tests of a night", () => {
  const file = () => `models/${lock.id}/${lock.version}/tests.json`;
  const night = (tested: string, image = lock.image.digest) => ({
    image,
    engineVersion: lock.engineVersion,
    tested,
    platform: "linux/amd64",
    emulated: false,
    passed: true,
  });
  /** What the job that ran them hands on, of one version. */
  const push = (...tests: object[]) => {
    const { id, version } = lock;
    const handed = join(folder, "tests");
    writeJson(join(handed, file()), { schemaVersion: "1", id, version, tests });
    return pushTests(handed, checkout, say);
  };
  beforeEach(() => pushLocks(locks, checkout, say));

  test("join those of the nights before, and each is kept once", async () => {
    await push(night("2026-01-31"));
    await push(night("2026-02-28"));
    expect(await changedByLast()).toEqual([file()]);
    await push(night("2026-02-28"));
    expect(said.at(-1)).toBe("every test file is as it was");
    const { tests } = readJson(join(checkout, file())) as { tests: { tested: string }[] };
    expect(tests.map(({ tested }) => tested)).toEqual(["2026-02-28", "2026-01-31"]);
  });

  test("are refused of an image that is not locked, and more than one of a platform", async () => {
    await expect(push(night("2026-01-31", other.record))).rejects.toThrow(
      `the test file speaks of ${other.record} on linux/amd64, the entry of `,
    );
    await expect(push(night("2026-01-31"), night("2026-01-30"))).rejects.toThrow("speaks of");
    expect(await changedByLast()).not.toContain(file());
  });
});
