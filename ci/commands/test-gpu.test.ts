import { execa } from "execa";
import { expect, test } from "vitest";
import { requireGpu } from "../images/gpu.ts";
import { machinePlatform } from "../platforms.ts";
import { gpuImage } from "./test-gpu.ts";

const [own, cuda] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];
const platforms = { [machinePlatform()]: own };
const image = { name: "registry.example.org/models/digits", digest: own, platforms };
const stack = { runtime: own, engine: own };

test("the cuda variant runs on the GPU where there is one, else the model's own image", () => {
  const variants = { cuda: { digest: cuda, platforms: { [machinePlatform()]: cuda }, ...stack } };
  expect(gpuImage(published({ image }))).toBe(`${image.name}@${own}`);
  expect(gpuImage(published({ image, variants }))).toBe(`${image.name}@${cuda}`);
});

test("nothing runs but the image that was approved", () => {
  expect(() => gpuImage(published({ image }), cuda)).toThrow(
    `digits 1.0.0: expected the image ${cuda}, got ${own} in its lock`,
  );
  expect(gpuImage(published({ image }), own)).toContain(own);
});

test("a version that is not published, or not for this machine, is refused", () => {
  expect(() => gpuImage({ id: "digits", version: "1.0.0" })).toThrow("is not published");
  expect(() => gpuImage(published({ image: { ...image, platforms: {} } }))).toThrow(
    `has no image for ${machinePlatform()}`,
  );
});

const nvidia = await execa("nvidia-smi", [], { reject: false });

test.skipIf(nvidia.exitCode === 0)("a machine without a GPU says so, and what to do", async () => {
  await expect(requireGpu()).rejects.toThrow(
    "expected an NVIDIA GPU on this machine, got no answer from nvidia-smi\n  hint: without `--device` the samples are tested on the CPU",
  );
});

function published(lock: object): Parameters<typeof gpuImage>[0] {
  return { id: "digits", version: "1.0.0", lock } as Parameters<typeof gpuImage>[0];
}
