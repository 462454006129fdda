import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stage } from "../e2e/stage.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { act, Repository } from "./act.ts";

const canRun = act !== undefined && process.env["MODELHUB_CONTAINERS"] === "yes";
const uses = `modelhub-registry/modelhub/.github/actions/check@${"a".repeat(40)}`;

describe.skipIf(!canRun)("an author's repository with our action", { timeout: 1_800_000 }, () => {
  const stage = new Stage();
  const registry = new Repository();
  const author = new Repository();

  beforeAll(async () => {
    await stage.open();
    await registry.open();
    await registry.commit({});
    await author.open();
    author.offer(`modelhub-registry/modelhub@${"a".repeat(40)}`, registry);
    author.env["MODELHUB_STAGING"] = stage.env["MODELHUB_STAGING"] ?? "";
    author.env["MODELHUB_REGISTRY"] = stage.registry;
    const workflow = join(author.checkout, ".github", "workflows", "model.yml");
    mkdirSync(join(workflow, ".."), { recursive: true });
    const steps = [
      { uses: `actions/checkout@${"b".repeat(40)}` },
      { uses, with: { folder: "model" } },
    ];
    writeFileSync(
      workflow,
      JSON.stringify({ on: "push", jobs: { check: { "runs-on": "ubuntu-24.04", steps } } }),
    );
    cpSync(join(root, "contrib-template"), join(author.checkout, "model"), {
      recursive: true,
      filter: (path) => !path.endsWith("/examples"),
    });
    await author.commit({});
  });
  afterAll(async () => {
    registry.close();
    author.close();
    await stage.close();
  });

  test("a good model is checked, built and tested", async () => {
    const { output, exitCode } = await author.run("model.yml", "push");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/handwritten-digits 0\.0\.0: (\d+) of \1 samples pass/);
  });

  test("a wrong one fails with what has to be mended", async () => {
    const file = join(author.checkout, "model", "modelhub.json");
    writeJson(file, { ...(readJson(file) as object), licenses: undefined });
    await author.commit({});
    const { output, exitCode } = await author.run("model.yml", "push");
    expect(exitCode, output).toBe(1);
    expect(output).toContain("licenses: expected");
  });
});
