import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answer, badDays } from "../e2e/bad-days.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { type HandedOver, handOver } from "../e2e/hand-over.ts";
import { keyOf, sha256 } from "../files.ts";
import { tagOf } from "../images/level.ts";
import { copy, resolveDigest } from "../images/oci.ts";
import { baseLevel, deploymentNames, engineLevel, reference } from "../images/stack.ts";
import { goJson, type ImageConfig, type ImageManifest } from "../oci/swap.ts";
import { partsOf } from "../platforms.ts";
import { requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { handedPart } from "./handed.ts";
import { takeBuilt } from "./take-built.ts";

type Images = StageFile<"build">["images"];

let stage: DoubleStage;
let handed: HandedOver;
let staging: string;

beforeEach(async () => {
  stage = await DoubleStage.open();
  handed = await handOver(stage, "tiny-net");
  staging = `${stage.double.host}/trusted`;
  for (const part of partsOf(handed.subject)) await makeOwn(part);
});
afterEach(() => stage.close());

const take = () => takeBuilt(handed.subject, handed, { staging, say: () => {} });

test("what jobs of each platform built and tested becomes the image that was built for both", async () => {
  await take();
  const { images } = requireStage("build", handed.subject);
  expect(images.deployment.digest).toBe(handed.whole.images.deployment.digest);
  expect(await resolveDigest(reference(images.deployment))).toBe(images.deployment.digest);
  const { image, reports } = requireStage("test", handed.subject);
  expect(image).toBe(images.deployment.digest);
  expect(reports.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"]);
});

test.each(Object.entries(badDays))(
  "with %s, what was handed over becomes the same image",
  async (_, happens) => {
    happens(stage.double);
    await take();
    stage.double.mend();
    const { images } = requireStage("build", handed.subject);
    expect(images.deployment.digest).toBe(handed.whole.images.deployment.digest);
    expect(await resolveDigest(reference(images.deployment))).toBe(images.deployment.digest);
  },
);

test("a registry that stays busy is no build at fault: the job may be run again", async () => {
  stage.double.break(answer(503), { times: Number.POSITIVE_INFINITY });
  await expect(take()).rejects.toMatchObject({ exitCode: 75 });
  stage.double.mend();
  await take();
});

test("what a job says of the whole version is not taken", async () => {
  const { key } = handed.subject;
  const images = { ...handed.whole.images, deployment: handed.whole.images.engine };
  writeStage("build", { work: handed.built }, { key, images });
  await take();
  expect(requireStage("build", handed.subject).images.deployment.digest).toBe(
    handed.whole.images.deployment.digest,
  );
});

test.each(["built", "tested"] as const)(
  "what was %s of another version under this one's name is refused",
  async (what) => {
    const stageName = what === "built" ? "build" : "test";
    const from = handedPart(firstPart(), handed.subject, handed[what]);
    const key = keyOf("another version");
    writeStage(stageName, from, { ...requireStage(stageName, from), key } as never);
    await expect(take()).rejects.toThrow(`got that of ${key}`);
  },
);

test("a reason why nothing was built has at most 500 characters, as in a lock", async () => {
  const from = handedPart(firstPart(), handed.subject, handed.built);
  writeStage("unbuilt", from, { key: from.key, reason: "x".repeat(501) });
  await expect(take()).rejects.toThrow("unbuilt.json\n  got nothing of its shape");
});

test("a job that names a foreign base is refused, and nothing of it is pushed", async () => {
  tell(({ runtime, deployment }) => ({ base: deployment, runtime }));
  await expect(take()).rejects.toThrow("expected the base image");
  expect(Object.keys(stage.double.holds())).not.toContain("trusted/runtime");
});

test("a runtime on another base is refused, whatever base the job names", async () => {
  forgeRuntime((manifest) => manifest.layers.splice(0, 1));
  await expect(take()).rejects.toThrow("expected the layers of our base below");
});

test("a runtime that would run something in our build is refused", async () => {
  forgeRuntime(undefined, (config) => Object.assign(config.config, { onbuild: ["RUN evil"] }));
  await expect(take()).rejects.toThrow("expected no ONBUILD");
});

test("a runtime with other bytes than its digest says is refused", async () => {
  const { digest } = toldImages().runtime;
  writeFileSync(blob(digest), `${readFileSync(blob(digest), "utf8")} `);
  await expect(take()).rejects.toThrow("holds other bytes");
});

test("a job has no say in the tags under which others find its runtime", async () => {
  tell(({ runtime }) => ({ runtime: { ...runtime, tag: "in-of-somebody-else" } }));
  await take();
  expect(await resolveDigest(`${staging}/runtime:in-of-somebody-else`)).toBeUndefined();
});

test("a runtime that is published for the same inputs is the one that counts", async () => {
  await take();
  const part = firstPart();
  const { runtime } = requireStage("build", part).images;
  await copy(reference(handed.whole.images.engine), `${stage.images}/runtime:${runtime.tag}`);
  staging = `${stage.double.host}/trusted-again`;
  await makeOwn(part);
  await expect(take()).rejects.toThrow("expected the runtime image");
});

test.each(["engine", "deployment"] as const)(
  "the %s image that a job names has to be the one that we make of its runtime",
  async (level) => {
    tell((images) => ({ [level]: images.base }));
    await expect(take()).rejects.toThrow(`expected the ${level} image`);
  },
);

test("a report of another image than the one that is published is refused", async () => {
  const [, part] = partsOf(handed.subject);
  if (!part) throw new Error("no part");
  const from = handedPart(part, handed.subject, handed.tested);
  const image = handed.whole.images.engine.digest;
  writeStage("test", from, { ...requireStage("test", from), image });
  await expect(take()).rejects.toThrow("the test on linux/arm64 saw");
});

test("a platform whose job left nothing, or was not tested, holds the version up", async () => {
  rmSync(join(handed.tested, "linux-amd64"), { recursive: true });
  await expect(take()).rejects.toThrow("expected what `test` made of its inputs");
  rmSync(join(handed.built, "linux-amd64"), { recursive: true });
  await expect(take()).rejects.toThrow("expected what `build` made of its inputs");
});

function firstPart(): FetchedSubject {
  const [part] = partsOf(handed.subject);
  if (!part) throw new Error("no part");
  return part;
}

/** What the job for the first platform says of its images. */
function toldImages(): Images {
  return requireStage("build", handedPart(firstPart(), handed.subject, handed.built)).images;
}

function tell(edit: (images: Images) => Partial<Images>): void {
  const part = handedPart(firstPart(), handed.subject, handed.built);
  const images = toldImages();
  writeStage("build", part, { key: part.key, images: { ...images, ...edit(images) } });
}

/** Makes the first platform's runtime another image, whole in itself. */
function forgeRuntime(
  editManifest: (manifest: ImageManifest) => unknown = () => {},
  editConfig: (config: ImageConfig) => unknown = () => {},
): void {
  const { digest } = toldImages().runtime;
  const manifest = JSON.parse(readFileSync(blob(digest), "utf8")) as ImageManifest;
  const config = JSON.parse(readFileSync(blob(manifest.config.digest), "utf8")) as ImageConfig;
  editConfig(config);
  const text = goJson(config);
  manifest.config = { ...manifest.config, digest: store(text), size: text.length };
  editManifest(manifest);
  const forged = store(goJson(manifest, 2));
  tell(({ runtime }) => ({ runtime: { ...runtime, digest: forged } }));
}

function store(text: string): string {
  const digest = `sha256:${sha256(text)}`;
  writeFileSync(blob(digest), text);
  return digest;
}

function blob(digest: string): string {
  return join(handed.built, "linux-amd64/images/blobs/sha256", digest.replace("sha256:", ""));
}

/** Puts into our staging what we would make of a part's runtime: base, engine and deployment. */
async function makeOwn(part: FetchedSubject): Promise<void> {
  const { images } = requireStage("build", handedPart(part, handed.subject, handed.built));
  const { platforms } = part.instance;
  const engine = { ...(await engineLevel(platforms, images.runtime)), from: images.engine };
  const levels = [
    { ...(await baseLevel(platforms)), from: images.base },
    engine,
    { ...deploymentNames(part, images.engine), from: images.deployment },
  ];
  for (const { name, key, from } of levels)
    await copy(reference(from), `${staging}/${name}:${tagOf(key)}`);
}
