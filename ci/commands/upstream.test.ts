import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { commitAll } from "../e2e/commit.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson, writeFile, writeJson } from "../files.ts";
import { upstream } from "./upstream.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

let stage: DoubleStage;
let revision = "";
beforeEach(async () => {
  stage = await DoubleStage.open();
  const file = join(stage.registry, "models/tiny-net/1.0.0/source.json");
  const source = readJson(file) as { revision: string };
  revision = source.revision;
  writeJson(file, { ...source, tag: "v1.0.0" });
  await git("tag", "v1.0.0");
});
afterEach(() => stage.close());
afterAll(() => rmSync(home, { recursive: true }));

const git = (...args: string[]) => execa("git", args, { cwd: stage.models });

async function problems() {
  return (await upstream([], stage.at())).flatMap((report) => report.problems);
}

test("a tag that still names the commit is fine, with or without a message of its own", async () => {
  expect(await problems()).toEqual([]);
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  await git(...identity, "tag", "--force", "--message", "one", "v1.0.0");
  expect(await problems()).toEqual([]);
});

test("a tag that was moved is told with both commits, and the entry stays as it is", async () => {
  writeFile(join(stage.models, "tiny-net/model.py"), "# other\n");
  const moved = await commitAll(stage.models);
  await git("tag", "--force", "v1.0.0");
  expect(await problems()).toMatchObject([
    { key: "tag", expected: `v1.0.0 at ${revision}`, got: `it at ${moved}` },
  ]);
});

test("a tag that is gone is told", async () => {
  await git("tag", "--delete", "v1.0.0");
  expect(await problems()).toMatchObject([{ key: "tag", got: "no such tag" }]);
});

test("a host that is gone is told, and the published version is still whole", async () => {
  await stage.publish("tiny-net");
  stage.killHost();
  expect(await problems()).toMatchObject([
    { key: "repository", expected: "a repository that answers" },
  ]);
});

test("what is no longer offered is not asked for, and nothing of an earlier night is held against it", async () => {
  stage.killHost();
  const file = join(stage.registry, "models/tiny-net/model.json");
  const yanked = { "1.0.0": { reason: "Wrong weights.", since: "2026-01-31" } };
  writeJson(file, { ...(readJson(file) as object), yanked });
  const yankedOnes = [{ id: "tiny-net", version: "1.0.0", problems: [] }];
  expect(await upstream([], stage.at())).toEqual(yankedOnes);
});

test("a name that no version has is refused, with the nearest one", async () => {
  await expect(upstream(["tiny-nett"], stage.at())).rejects.toThrow('did you mean "tiny-net"?');
});
