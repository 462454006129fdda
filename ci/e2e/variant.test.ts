import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeJson } from "../files.ts";
import { Stage } from "./stage.ts";
import { addVariant, makeTiny } from "./tiny.ts";

const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!withContainers)("a model with a variant", { timeout: 1_800_000 }, () => {
  const stage = new Stage();
  const name = "tiny-net@1.0.0";
  const file = join(stage.registry, "models/tiny-net/1.0.0/lock.json");

  beforeAll(async () => {
    await stage.open();
    await stage.register({ "tiny-net": "." }, (contribution) => {
      makeTiny(contribution);
      addVariant(contribution);
    });
    const { exitCode, stderr } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(exitCode, stderr).toBe(0);
  }, 1_800_000);
  afterAll(() => stage.close());

  const rebuild = () => stage.modelhub("verify", name, "--quick", "--rebuild");

  test("is built and tested beside the model's own image, on the same base", async () => {
    const { image, variants } = stage.lock("tiny-net");
    const inside = ["run", "--rm", "--network", "none", "--entrypoint", "env"];
    const env = async (digest: string) =>
      (await execa("docker", [...inside, `${image.name}@${digest}`])).stdout;
    expect(await env(variants.cuda.digest)).toContain("FOR_GPUS=yes");
    expect(await env(image.digest)).not.toContain("FOR_GPUS");
  });

  test("is built once more by verify --rebuild, both images with the digests of the lock", async () => {
    const { exitCode, stderr } = await rebuild();
    expect(stderr.match(/building \S+/g)).toEqual([
      "building base",
      ...Array(2).fill(["building runtime", "building engine", "building models/tiny-net"]).flat(),
    ]);
    expect(stderr).toContain("tiny-net 1.0.0: everything is as locked");
    expect(exitCode).toBe(0);
  });

  test("is told where its images are no build's, with what a build gives", async () => {
    const text = readFileSync(file, "utf8");
    const lock = JSON.parse(text);
    const { image, stack } = lock;
    const { cuda } = lock.variants;
    const wrong = { ...image, digest: stack.engine };
    const variants = { cuda: { ...cuda, digest: image.digest } };
    writeJson(file, { ...lock, image: wrong, variants });
    const { exitCode, stderr } = await rebuild();
    writeFileSync(file, text);
    for (const line of [
      `image.digest: expected ${image.digest}, as a build gives it, got ${stack.engine}`,
      `variants.cuda.digest: expected ${cuda.digest}, as a build gives it, got ${image.digest}`,
    ])
      expect(stderr).toContain(line);
    expect(exitCode).toBe(1);
  });
});
