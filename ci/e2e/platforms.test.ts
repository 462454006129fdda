import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeJson } from "../files.ts";
import { root } from "../home.ts";
import { fetchManifest, platformDigests } from "../images/oci.ts";
import { stackLevels } from "../images/stack.ts";
import { machinePlatform } from "../platforms.ts";
import { Stage } from "./stage.ts";
import { addVariant, editConfig, editRequirements, makeTiny } from "./tiny.ts";

const platforms = ["linux/amd64", "linux/arm64"] as const;
const [foreign = ""] = platforms.filter((platform) => platform !== machinePlatform());
const emulator = foreign === "linux/arm64" ? "qemu-aarch64" : "qemu-x86_64";
const canRun =
  process.env["MODELHUB_EMULATED"] === "yes" &&
  process.env["MODELHUB_CONTAINERS"] === "yes" &&
  existsSync(join("/proc/sys/fs/binfmt_misc", emulator));

if (!canRun) console.warn(`skipped: \`scripts/test emulated\` builds and runs ${foreign} images`);

// PyPI has it for Intel's processors alone.
const intelOnly =
  "tcmlib==1.6.0 --hash=sha256:46c2491988bfd18c4733eeb08aca6a386706a497b92cc51d155f37ddea003c14\n";

describe.skipIf(!canRun)("a model for two platforms", { timeout: 2_400_000 }, () => {
  const stage = new Stage();

  beforeAll(async () => {
    await stage.open();
    stage.edit({ platforms });
    await stage.register({ "tiny-net": "." }, makeTiny);
    const { exitCode, stderr } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(stderr).toContain("locked sha256:");
    expect(exitCode, stderr).toBe(0);
  }, 2_400_000);
  afterAll(() => stage.close());

  const built = (id: string) => stage.json("work", id, "1.0.0", "build.json").images;

  test("every level is one index of both, and the samples pass on both", async () => {
    for (const level of stackLevels) {
      const { name, digest } = built("tiny-net")[level];
      const { manifests = [] } = await fetchManifest(`${name}@${digest}`);
      expect(manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`)).toEqual(
        platforms,
      );
    }
    const { reports } = stage.json("work/tiny-net/1.0.0/test.json");
    expect(reports).toMatchObject(
      platforms.map((platform) => ({
        platform,
        passed: true,
        emulated: platform === foreign,
      })),
    );
    const { image } = stage.lock("tiny-net");
    const digests = await platformDigests(`${image.name}@${image.digest}`, platforms);
    expect(image.platforms).toEqual(Object.fromEntries(digests));
    expect((await stage.modelhub("verify")).exitCode).toBe(0);
  });

  test("a new engine gives both platforms the image that a build gives them", async () => {
    const engine = join(stage.folder, "engine");
    cpSync(join(root, "engine-image"), engine, { recursive: true });
    writeJson(join(engine, "engine.json"), { version: "9.0.0" });
    stage.env["MODELHUB_ENGINE_SOURCE"] = engine;
    const { stderr } = await stage.modelhub("restack", "tiny-net");
    expect(stderr).not.toContain("building models");
    const restacked = built("tiny-net").deployment.digest;
    await execa("rm", ["-rf", join(stage.work, "tiny-net")]);
    stage.env["MODELHUB_STAGING"] = `${stage.env["MODELHUB_STAGING"]}-again`;
    expect((await stage.modelhub("build", "tiny-net")).exitCode).toBe(0);
    expect(built("tiny-net").deployment.digest).toBe(restacked);
    delete stage.env["MODELHUB_ENGINE_SOURCE"];
  });
});

describe.skipIf(!canRun)("a model for one platform of two", { timeout: 2_400_000 }, () => {
  const stage = new Stage();

  beforeAll(async () => {
    await stage.open();
    stage.edit({ platforms });
    await stage.register({ "intel-digits": "." }, (contribution) => {
      editRequirements(contribution, (text) => intelOnly + text);
      editConfig(contribution, { id: "intel-digits" });
      addVariant(contribution);
    });
    const { exitCode, stderr } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(exitCode, stderr).toBe(0);
  }, 2_400_000);
  afterAll(() => stage.close());

  test("a platform without packages is told by plan, lock and catalog before anyone pulls", async () => {
    const reason = "pip finds no tcmlib==1.6.0 for it";
    const { image } = stage.lock("intel-digits");
    expect(image.unbuilt).toEqual({ "linux/arm64": reason });
    expect(Object.keys(image.platforms)).toEqual(["linux/amd64"]);
    expect((await stage.modelhub("plan")).stderr).toBe(
      `nothing to do\nintel-digits 1.0.0: no image for linux/arm64: ${reason}`,
    );
    const page = stage.json("catalog/api/v1/models/intel-digits/1.0.0.json");
    expect(page.built.record.image.unbuilt).toEqual({ "linux/arm64": reason });
  });

  test("a variant has a runtime, an image and a tag of its own, and all else in common", async () => {
    const { image, stack, variants } = stage.lock("intel-digits");
    const { cuda } = variants;
    expect(cuda.digest).not.toBe(image.digest);
    expect(cuda.runtime).not.toBe(stack.runtime);
    expect(cuda.unbuilt).toEqual(image.unbuilt);
    const { stdout } = await execa("oras", ["resolve", `${image.name}:1.0.0-cuda`]);
    expect(stdout).toBe(cuda.digest);
    const inside = ["run", "--rm", "--network", "none", "--entrypoint", "env"];
    const env = await execa("docker", [...inside, `${image.name}@${cuda.digest}`]);
    expect(env.stdout).toContain("FOR_GPUS=yes");
    const page = stage.json("catalog/api/v1/models/intel-digits/1.0.0.json");
    expect(page.built.record.variants.cuda.reports[0]).toMatchObject({ passed: true });
  });
});

describe.skipIf(!canRun)("an empty builder", { timeout: 2_400_000 }, () => {
  const stage = new Stage();

  beforeAll(async () => {
    await stage.open();
    stage.edit({ platforms });
    await stage.register({ "small-digits": "." }, (contribution) => {
      // Enough to run pip and to compile what it installs; nothing is predicted here.
      const pin = "packaging==26.3 --hash=sha256:";
      const sha256 = "d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c";
      writeFileSync(join(contribution, "runtime", "requirements.txt"), `${pin}${sha256}\n`);
      editConfig(contribution, { id: "small-digits" });
    });
  });
  afterAll(() => stage.close());

  const build = async (): Promise<{ said: string; images: object }> => {
    const { stdout, stderr } = await stage.modelhub("build", "small-digits", "--json");
    const [{ images }] = JSON.parse(stdout);
    const digests = stackLevels.map((level) => [level, images[level].digest]);
    return { said: stderr, images: Object.fromEntries(digests) };
  };

  test("makes every level with the same digest, for both platforms", async () => {
    const { images } = await build();
    await execa("rm", ["-rf", stage.work]);
    stage.env["MODELHUB_STAGING"] = `${stage.env["MODELHUB_STAGING"]}-again`;
    stage.env["MODELHUB_BUILDER"] = await stage.emptyBuilder();
    const again = await build();
    expect(again.images).toEqual(images);
    expect(again.said.match(/building \S+/g)).toEqual(
      platforms.flatMap(() => [
        "building base",
        "building runtime",
        "building engine",
        "building models/small-digits",
      ]),
    );
  });
});
