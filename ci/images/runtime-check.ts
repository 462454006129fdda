import { isDeepStrictEqual } from "node:util";
import type { Platform } from "#schema/primitives.ts";
import type { Image, ImageConfig } from "../oci/swap.ts";

/**
 * What is wrong with a runtime image from a job that ran a contributor's Dockerfile: it has to stand on
 * our base, be for the platform, and leave nothing behind that a build on top of it would run.
 * Undefined when it is as it should be.
 */
export function runtimeProblem(
  { manifest, config }: Image,
  base: Image,
  platform: Platform,
): string | undefined {
  const { layers } = base.manifest;
  const wanted = layers.map(({ digest }) => digest);
  const below = manifest.layers.slice(0, layers.length).map(({ digest }) => digest);
  if (!isDeepStrictEqual(below, wanted))
    return `expected the layers of our base below, ${wanted.join(", ")}, got ${below.join(", ") || "none"}`;
  const { diff_ids: contents = [] } = config.rootfs ?? {};
  const ofBase = base.config.rootfs.diff_ids;
  if (!isDeepStrictEqual(contents.slice(0, ofBase.length), ofBase))
    return `expected the contents of our base below, ${ofBase.join(", ")}, got ${contents.join(", ")}`;
  const is = platformOf(config);
  if (is !== platform) return `expected an image for ${platform}, got one for ${is}`;
  if (hasKey(config, "onbuild"))
    return "expected no ONBUILD, which the build of the engine would run, got one";
  return undefined;
}

function platformOf({ os, architecture }: ImageConfig & { os?: string; architecture?: string }) {
  return `${os}/${architecture}`;
}

/** Whether an object at any depth has a key, by the letters that Go takes for it. */
function hasKey(value: unknown, name: string): boolean {
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(
    ([key, inner]) => key.toLowerCase() === name || hasKey(inner, name),
  );
}
