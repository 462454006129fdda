import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tests } from "#schema/tests.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { Stage } from "./stage.ts";

const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!withContainers)("a real model's engine release", { timeout: 2_400_000 }, () => {
  const stage = new Stage();
  const release = async (version: string) => {
    const engine = join(stage.folder, `engine-${version}`);
    cpSync(join(root, "engine-image"), engine, {
      recursive: true,
      filter: (path) => !/node_modules|_cache$|\.venv/.test(path),
    });
    writeJson(join(engine, "engine.json"), { version });
    stage.env["MODELHUB_ENGINE_SOURCE"] = engine;
  };

  beforeAll(async () => {
    await stage.open();
    await release("8.0.0");
    await stage.register({ "silero-vad": "examples/silero-vad" });
    const { stderr, exitCode } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(stderr).toContain("locked sha256:");
    expect(exitCode).toBe(0);
  }, 2_400_000);
  afterAll(() => stage.close());

  test("restack builds the engine alone, and test, publish and lock go on from there", async () => {
    const before = stage.lock("silero-vad");
    await release("9.0.0");
    const { stderr, exitCode } = await stage.modelhub("restack", "--canary");
    expect(stderr).toMatch(/^building engine\nsilero-vad 1\.0\.0: \S+@sha256:[0-9a-f]{64}$/);
    expect(exitCode).toBe(0);
    const [, digest] = stderr.split("@");
    for (const verb of ["test", "publish", "lock"]) {
      const { stderr: said, exitCode: code } = await stage.modelhub(verb);
      expect(said).not.toContain("building");
      expect(code).toBe(0);
    }
    const after = stage.lock("silero-vad");
    expect(after).toMatchObject({ engineVersion: "9.0.0", image: { digest } });
    expect(after.stack).toEqual({
      ...before.stack,
      engine: expect.not.stringMatching(before.stack.engine),
    });
    expect((await stage.modelhub("restack")).stderr).toBe(
      "every image stands on the engine of today",
    );
  });

  test("verify --retest runs the samples of what is locked, and tells an image that gives none", async () => {
    const kept = join(stage.folder, "kept");
    const retest = ["verify", "--quick", "--tests", kept];
    const good = await stage.modelhub(...retest, "--sample", "1");
    expect(good.stderr).toBe("silero-vad 1.0.0: everything is as locked");
    const file = join(stage.registry, "models/silero-vad/1.0.0/lock.json");
    const { image, stack, ...rest } = stage.lock("silero-vad");
    // The engine alone has no model to run.
    const name = image.name.replace("models/silero-vad", "engine");
    writeJson(file, { ...rest, stack, image: { ...image, name, digest: stack.engine } });
    const bad = await stage.modelhub(...retest);
    expect(bad.stderr).toContain("expected the image answers in the sandbox");
    expect(bad.exitCode).toBe(1);
    const { tests } = readJson(join(kept, "silero-vad/1.0.0/tests.json")) as Tests;
    const tested = expect.stringMatching(/^\d{4}-\d\d-\d\d$/);
    const processor = expect.any(String);
    expect(tests).toMatchObject([
      { image: stack.engine, tested, passed: false },
      { image: image.digest, tested, passed: true, machine: { processor } },
    ]);
    expect(tests[0]).not.toHaveProperty("predictSeconds");
  });
});
