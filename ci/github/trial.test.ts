import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { commitAll } from "../e2e/commit.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { machinePlatform } from "../platforms.ts";
import { writeStage } from "../stage-files.ts";
import { fetchSubjects } from "../subject.ts";
import { changedVersions, Trial, tryChanges } from "./trial.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

const folder = mkdtempSync(join(tmpdir(), "modelhub-trial-"));
const registry = join(folder, "registry");
const at = { registry, work: join(folder, "work"), staging: "localhost:1/build" };
const repository = "https://example.org/models";

beforeAll(async () => {
  await execa("git", ["init", "--quiet", folder]);
  cpSync(join(root, "registry/registry.json"), join(registry, "registry.json"));
  for (const id of ["one", "other", "third"]) write(id, "1.0.0");
  await commit();
});
afterAll(() => {
  for (const one of [folder, home]) rmSync(one, { recursive: true });
});

function write(id: string, version: string, title = id): void {
  const model = join(registry, "models", id);
  const maintainers = [{ github: "someone" }];
  writeJson(join(model, "model.json"), { schemaVersion: "1", title, repository, maintainers });
  const revision = "a".repeat(40);
  writeJson(join(model, version, "source.json"), { schemaVersion: "1", repository, revision });
}

async function commit(): Promise<void> {
  const who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  await execa("git", ["add", "--all"], { cwd: folder });
  await execa("git", [...who, "commit", "--quiet", "-m", "x"], { cwd: folder });
}

test("only versions with a new source are tried: not a new title, not what is gone", async () => {
  write("one", "1.1.0");
  write("other", "1.0.0", "Another title");
  rmSync(join(registry, "models", "third"), { recursive: true });
  await commit();
  expect(await changedVersions("HEAD^1", at)).toEqual(["one@1.1.0"]);
});

test("a change that takes another's version away is refused before anything is built", async () => {
  const said: string[] = [];
  const trial = await tryChanges("HEAD^1", at, (line) => said.push(line));
  expect(trial).toMatchObject({ exitCode: 1, models: [] });
  expect(trial.problems.map(({ file }) => file).join()).toContain("models/third/1.0.0/source.json");
  expect(said).toContain("changed: one@1.1.0");
});

describe("of several versions each is tried", () => {
  let stage: DoubleStage;
  let base: string;
  beforeEach(async () => {
    stage = await DoubleStage.open(["tiny-net", "far-net", "lone-net"]);
    const file = join(stage.registry, "registry.json");
    writeJson(file, { ...(readJson(file) as object), platforms: [machinePlatform()] });
    await execa("git", ["init", "--quiet", stage.registry]);
    const models = join(stage.registry, "models");
    renameSync(models, `${models}.later`);
    writeFileSync(join(stage.registry, ".gitignore"), "models.later\n");
    base = await commitAll(stage.registry);
    renameSync(`${models}.later`, models);
    await commitAll(stage.registry);
  });
  afterEach(() => stage.close());

  test("and one that fails holds up no other; the worst exit code is the trial's", async () => {
    for (const id of ["tiny-net", "far-net"]) await stage.build(`${id}@1.0.0`);
    stage.double.break({ kind: "answer", status: 503 }, { path: /far-net/, times: 1000 });
    const [lone] = await fetchSubjects(["lone-net"], stage.at());
    if (!lone) throw new Error("no lone-net");
    writeStage("unbuilt", lone, { key: lone.key, reason: "pip finds no wheel for it" });
    const trial = await tryChanges(base, stage.at(), () => {});
    const { exitCode, models } = Trial.parse(trial);
    expect(exitCode).toBe(75);
    expect(models).toMatchObject([
      { id: "far-net", problems: [], failure: expect.stringContaining("answered 503") },
      {
        id: "lone-net",
        problems: [{ file: "runtime/Dockerfile", got: "pip finds no wheel for it" }],
      },
      { id: "tiny-net", problems: [], platforms: [{ platform: machinePlatform(), samples: 1 }] },
    ]);
    expect(models[1]).not.toHaveProperty("failure");
  });
});
