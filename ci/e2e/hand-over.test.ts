import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { resolveDigest } from "../images/oci.ts";
import { machinePlatform } from "../platforms.ts";
import { Stage } from "./stage.ts";

const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!withContainers)("a build, handed to a job that trusts it not", () => {
  const stage = new Stage();
  const platform = machinePlatform();
  const name = "small-digits@1.0.0";
  const work = join(stage.folder, ".modelhub/work/small-digits/1.0.0");
  const [built, tested] = [join(stage.folder, "built"), join(stage.folder, "tested")];
  const buildIn = (folder: string) => readJson(join(folder, "build.json")) as Built;

  interface Built {
    key: string;
    images: Record<"base" | "runtime" | "engine" | "deployment", { name: string; digest: string }>;
  }

  beforeAll(async () => {
    await stage.open();
    stage.env["MODELHUB_REGISTRY"] = stage.registry;
    await stage.register({ "small-digits": "." }, (contribution) => {
      // Enough to run pip; nothing is predicted here.
      const pin = "packaging==26.3 --hash=sha256:";
      const sha256 = "d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c";
      writeFileSync(join(contribution, "runtime", "requirements.txt"), `${pin}${sha256}\n`);
      const config = join(contribution, "modelhub.json");
      writeJson(config, { ...(readJson(config) as object), id: "small-digits" });
    });
    await modelhub("build", name, "--platform", platform);
    await modelhub("pack", name, "--platform", platform);
    renameSync(work, built);
    const { key, images } = buildIn(built);
    const image = images.deployment.digest;
    writeJson(join(tested, "test.json"), { key, image, reports: [] });
  }, 1_800_000);
  afterAll(() => stage.close());

  /** Runs a verb as a step of a job; returns what it said. */
  async function modelhub(...args: string[]): Promise<string> {
    const main = join(root, "client", "main.ts");
    const { stderr } = await execa(process.execPath, [main, ...args], {
      cwd: stage.folder,
      env: stage.env,
    });
    return stderr;
  }

  test("is made again from its runtime alone, on a machine that holds nothing, by the same digests", {
    timeout: 1_800_000,
  }, async () => {
    const staging = `${stage.env["MODELHUB_STAGING"]}-trusted`;
    stage.env["MODELHUB_STAGING"] = staging;
    stage.env["MODELHUB_BUILDER"] = await stage.emptyBuilder();
    await modelhub("base", platform);
    const said = await modelhub("take-built", name, "--built", built, "--tested", tested);
    expect(said.match(/building \S+/g)).toEqual([
      "building engine",
      "building models/small-digits",
    ]);
    const [{ images: theirs }, { images: ours }] = [buildIn(built), buildIn(work)];
    for (const level of ["base", "runtime", "engine", "deployment"] as const) {
      expect(ours[level].digest).toBe(theirs[level].digest);
      const { name: place, digest } = ours[level];
      expect(await resolveDigest(`${place}@${digest}`)).toBe(digest);
    }
  });
});
