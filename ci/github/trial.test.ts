import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeJson } from "../files.ts";
import { root } from "../home.ts";
import { changedVersions, tryChanges } from "./trial.ts";

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
afterAll(() => rmSync(folder, { recursive: true }));

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
