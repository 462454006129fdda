import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stage } from "../e2e/stage.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { resolveDigest } from "../images/oci.ts";
import { writeDatabase } from "../scan/fixtures/database.ts";
import { act, Repository } from "./act.ts";

const canRun = act !== undefined && process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!canRun)("a merged entry, by the real workflows", { timeout: 2_400_000 }, () => {
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

  test("a build that another job put something else in place of is refused, and nothing is locked", async () => {
    const built = "built-handwritten-digits@1.0.0-linux-$(dpkg --print-architecture)";
    repository.env["STUB_INTRUDER"] = `case $NAME in tested-*) echo 1 > ".${built}";; esac`;
    const { output, exitCode } = await repository.run("publish.yml", "push", {
      ref: "refs/heads/main",
    });
    delete repository.env["STUB_INTRUDER"];
    expect(exitCode, output).toBe(1);
    expect(output).toContain("None of the provided artifact IDs were found");
    await expect(lockOnMain()).rejects.toThrow("lock.json");
  });

  test("once merged it is built, tested, published and locked, by a job each", async () => {
    const { output, exitCode } = await repository.run("publish.yml", "push", {
      ref: "refs/heads/main",
    });
    expect(exitCode, output).toBe(0);
    expect(readdirSync(repository.artifacts)).toEqual(
      expect.arrayContaining([
        "built-handwritten-digits@1.0.0-linux-amd64",
        "tested-handwritten-digits@1.0.0-linux-amd64",
        "lock-handwritten-digits@1.0.0",
      ]),
    );
    const lock = await lockOnMain();
    expect(await resolveDigest(`${lock.image.name}@${lock.image.digest}`)).toBe(lock.image.digest);
  });

  test("after that the site shows it, made by a run of its own", async () => {
    await pull();
    const { output, exitCode } = await repository.run("site.yml", "workflow_run");
    expect(exitCode, output).toBe(0);
    const page = join(repository.artifacts, "site", "models", "handwritten-digits", "index.html");
    expect(existsSync(page), output).toBe(true);
  });

  test("a new engine goes under it, is tested, and moves its lock in one commit", async () => {
    const before = await lockOnMain();
    // Artifacts are of one run.
    rmSync(repository.artifacts, { recursive: true });
    const engine = join(stage.folder, "engine");
    cpSync(join(root, "engine-image"), engine, { recursive: true });
    writeJson(join(engine, "engine.json"), { version: "9.0.0" });
    repository.env["MODELHUB_ENGINE_SOURCE"] = engine;
    await pull();
    const { output, exitCode } = await repository.run("engine-release.yml", "workflow_dispatch", {
      ref: "refs/heads/main",
    });
    expect(exitCode, output).toBe(0);
    const after = await lockOnMain();
    expect(after).toMatchObject({ engineVersion: "9.0.0", bundle: before.bundle });
    expect(after.image.digest).not.toBe(before.image.digest);
    const reference = `${after.image.name}@${after.image.digest}`;
    expect(await resolveDigest(reference)).toBe(after.image.digest);
    const { stdout } = await execa("git", [
      ...["--git-dir", repository.origin],
      ...["show", "--name-only", "--format=", "main"],
    ]);
    expect(stdout).toBe("registry/models/handwritten-digits/1.0.0/lock.json");
  });

  test.skipIf(!process.env["MODELHUB_SCANNER"])(
    "what the nightly job that scans hands on is committed by the one that may push",
    async () => {
      const database = join(stage.folder, "osv");
      await writeDatabase(database, {
        Debian: "2026-11-18",
        PyPI: "2026-11-20",
        npm: "2026-11-20",
      });
      repository.env["MODELHUB_OSV"] = database;
      await pull();
      const event = "workflow_dispatch";
      const { output, exitCode } = await repository.run("nightly.yml", event, {}, "keep-scans");
      expect(exitCode, output).toBe(0);
      expect(output).toContain("pushed 1 scan");
      const { attestations } = await lockOnMain();
      expect(await onMain("scan.json")).toMatchObject({ sbom: attestations.sbom });
    },
  );

  test("what the nightly job that tests once more hands on is committed by the one that may push", async () => {
    await pull();
    const event = "workflow_dispatch";
    const { output, exitCode } = await repository.run("nightly.yml", event, {}, "keep-tests");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("pushed 1 test file");
    const { image, engineVersion } = await lockOnMain();
    const { tests } = await onMain("tests.json");
    expect(tests).toMatchObject([{ image: image.digest, engineVersion, passed: true }]);
  });

  /** Brings what jobs pushed into the checkout that the next run starts from. */
  const pull = () =>
    execa("git", ["-C", repository.checkout, "pull", "--quiet", repository.origin, "main"]);
  const lockOnMain = () => onMain("lock.json");

  async function onMain(file: string) {
    const { stdout } = await execa("git", [
      ...["--git-dir", repository.origin],
      ...["show", `main:registry/models/handwritten-digits/1.0.0/${file}`],
    ]);
    return JSON.parse(stdout);
  }
});
