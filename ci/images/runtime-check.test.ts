import { expect, test } from "vitest";
import type { Image } from "../oci/swap.ts";
import { runtimeProblem } from "./runtime-check.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** An image with these layers; the contents of a layer have the digit after its own. */
function image(layers: readonly number[], config: object = {}): Image {
  const mediaType = "application/vnd.oci.image.layer.v1.tar+gzip";
  const descriptor = (digit: number) => ({ mediaType, digest: digest(String(digit)), size: 1 });
  return {
    manifest: { config: descriptor(0), layers: layers.map(descriptor) },
    config: {
      ...{ os: "linux", architecture: "arm64", config: {}, history: [] },
      rootfs: { type: "layers", diff_ids: layers.map((layer) => digest(String(layer + 1))) },
      ...config,
    },
  };
}

const base = image([1]);
const problem = (runtime: Image) => runtimeProblem(runtime, base, "linux/arm64");

test("a runtime on our base, for its platform, is as it should be", () => {
  expect(problem(image([1, 3]))).toBeUndefined();
  expect(problem(image([1]))).toBeUndefined();
});

test.each([
  ["other layers", image([3, 1]), "the layers of our base"],
  ["no layer at all", image([]), "the layers of our base"],
  [
    "the base's layers, under other contents",
    image([1, 3], { rootfs: { type: "layers", diff_ids: [digest("9"), digest("4")] } }),
    "the contents of our base",
  ],
  ["no contents", image([1, 3], { rootfs: undefined }), "the contents of our base"],
  ["another processor", image([1], { architecture: "amd64" }), "for linux/arm64"],
  ["a trigger", image([1], { config: { OnBuild: ["RUN evil"] } }), "no ONBUILD"],
  ["a trigger where Go finds it", image([1], { Config: { onbuild: [] } }), "no ONBUILD"],
])("one with %s is not", (_, runtime, reason) => {
  expect(problem(runtime)).toContain(reason);
});
