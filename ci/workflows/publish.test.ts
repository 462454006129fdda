import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stage } from "../e2e/stage.ts";
import { readJson } from "../files.ts";
import { resolveDigest } from "../images/oci.ts";
import { act, Repository } from "./act.ts";

const canRun = act !== undefined && process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!canRun)("a merged entry, by the real workflows", { timeout: 900_000 }, () => {
  const stage = new Stage();
  const repository = new Repository();

  beforeAll(async () => {
    await stage.open();
    await stage.register({ "handwritten-digits": "." });
    await repository.open();
    repository.redirect(stage.repository, join(stage.folder, "models"));
    repository.env["MODELHUB_STAGING"] = stage.env["MODELHUB_STAGING"] ?? "";
    await repository.commit({
      "registry/registry.json": readJson(join(stage.registry, "registry.json")),
    });
    await repository.commit(
      Object.fromEntries(
        ["models/handwritten-digits/model.json", "models/handwritten-digits/1.0.0/source.json"].map(
          (file) => [`registry/${file}`, readJson(join(stage.registry, file))],
        ),
      ),
    );
    await repository.push();
  });
  afterAll(async () => {
    repository.close();
    await stage.close();
  });

  test("a pull request with a good entry is tried, and its report has the figures", async () => {
    const { output, exitCode } = await repository.run("model-pr.yml", "pull_request", {
      pull_request: { number: 7, base: { ref: "main" } },
    });
    expect(exitCode, output).toBe(0);
    expect(readJson(join(repository.artifacts, "trial", "trial.json"))).toMatchObject({
      exitCode: 0,
      problems: [],
      models: [
        { id: "handwritten-digits", version: "1.0.0", platforms: [{ platform: "linux/amd64" }] },
      ],
    });
  });

  test("once merged it is built, handed over, published, locked and shown", async () => {
    const { output, exitCode } = await repository.run("publish.yml", "push", {
      ref: "refs/heads/main",
    });
    expect(exitCode, output).toBe(0);
    expect(readdirSync(repository.artifacts)).toEqual(
      expect.arrayContaining([
        "built-handwritten-digits@1.0.0",
        "lock-handwritten-digits@1.0.0",
        "site",
      ]),
    );
    const { stdout } = await execa("git", [
      ...["--git-dir", repository.origin],
      ...["show", "main:registry/models/handwritten-digits/1.0.0/lock.json"],
    ]);
    const lock = JSON.parse(stdout);
    expect(await resolveDigest(`${lock.image.name}@${lock.image.digest}`)).toBe(lock.image.digest);
    expect(
      existsSync(join(repository.artifacts, "site", "models", "handwritten-digits", "index.html")),
    ).toBe(true);
  });
});
