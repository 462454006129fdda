import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson } from "../files.ts";
import { freeze } from "../release/freeze.ts";
import { act, Repository } from "./act.ts";
import { GithubDouble } from "./github-double.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

describe.skipIf(!act)("a tag of a release, by the real workflow", { timeout: 1_200_000 }, () => {
  const repository = new Repository();
  const github = new GithubDouble();
  const name = "v2026.1";
  let stage: DoubleStage;

  beforeAll(async () => {
    stage = await DoubleStage.open();
    await stage.publish("tiny-net");
    await repository.open();
    Object.assign(repository.env, {
      GITHUB_API_URL: await github.open(),
      MODELHUB_HOME: home,
      MODELHUB_ENGINE_SOURCE: join(home, "engine-image"),
    });
    const registry = join(repository.checkout, "registry");
    cpSync(stage.registry, registry, { recursive: true });
    await repository.commit({});
    freeze(registry, name, "2026-01-31");
    await repository.commit({});
    await execa("git", ["-C", repository.checkout, "tag", name]);
    await repository.push();
  });
  afterAll(async () => {
    github.close();
    repository.close();
    await stage.close();
    rmSync(home, { recursive: true });
  });

  const run = () => repository.run("release.yml", "push", { ref: `refs/tags/${name}` });

  test("becomes GitHub's release with one file, and no second one when run again", async () => {
    const { output, exitCode } = await run();
    expect(exitCode, output).toBe(0);
    expect(github.releases.get(name)).toMatchObject([{ name: `release-${name}.tar.gz` }]);
    await run();
    expect(github.releases.get(name)).toHaveLength(1);

    const file = join(repository.artifacts, "release", `release-${name}.tar.gz`);
    const { stdout } = await execa("tar", ["-tzf", file]);
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "CITATION.cff",
        ".zenodo.json",
        "release.json",
        "datacite.json",
        "locks/tiny-net/1.0.0.json",
        "versions/tiny-net/1.0.0/datacite.json",
      ]),
    );
  });

  test("on a commit whose locks are others is refused, and nothing is published", async () => {
    github.releases.clear();
    const file = "registry/models/tiny-net/1.0.0/lock.json";
    const lock = readJson(join(repository.checkout, file)) as object;
    await repository.commit({ [file]: { ...lock, engineVersion: "9.0.0" } });
    await execa("git", ["-C", repository.checkout, "tag", "--force", name]);
    const { output, exitCode } = await run();
    expect(exitCode, output).not.toBe(0);
    expect(output).toContain("expected what this commit's locks and registry.json give");
    expect(github.releases.size).toBe(0);
  });
});
