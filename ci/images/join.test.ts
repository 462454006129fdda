import { afterEach, beforeEach, expect, test } from "vitest";
import type { Platform } from "#schema/primitives.ts";
import { pushEngine } from "../e2e/example-images.ts";
import { RegistryDouble } from "../e2e/registry-double.ts";
import { joinPlatforms } from "./join.ts";
import { tagOf } from "./level.ts";
import { clientOf, copy, platformDigests, resolveDigest } from "./oci.ts";

const both: Platform[] = ["linux/amd64", "linux/arm64"];
const level = { name: "engine", key: "7".repeat(64) };
let double: RegistryDouble;

beforeEach(async () => {
  double = await RegistryDouble.open();
});
afterEach(() => double.close());

test("images of two platforms, built apart, have the index of one that was built for both", async () => {
  const { digest, parts } = await builtApart("build/engine");
  const joint = await joinPlatforms(level, parts, `${double.host}/build`);
  expect(joint).toMatchObject({
    name: `${double.host}/build/engine`,
    tag: tagOf(level.key),
    digest,
  });
  expect(await resolveDigest(`${joint.name}:${joint.tag}`)).toBe(digest);
});

test("an image that is to be taken over and isn't there is told by name", async () => {
  const { host } = double;
  await expect(copy(`${host}/published/engine:1`, `${host}/build/engine:1`)).rejects.toThrow(
    "published/engine:1 is not in the registry",
  );
});

test("what is published already is taken over into staging", async () => {
  const { digest, parts } = await builtApart("published/engine");
  const joint = await joinPlatforms(level, parts, `${double.host}/build`);
  expect(await resolveDigest(`${double.host}/build/engine@${digest}`)).toBe(joint.digest);
});

test("an image of one platform needs no index", async () => {
  const { parts } = await builtApart("build/engine");
  parts.delete("linux/arm64");
  const [only] = parts.values();
  const joint = await joinPlatforms(level, parts, `${double.host}/build`);
  expect(joint.digest).toBe(only?.digest);
  expect(await resolveDigest(`${joint.name}:${joint.tag}`)).toBe(only?.digest);
});

/** An image of two platforms, and the same as an image of each. */
async function builtApart(repository: string) {
  const { digest } = await pushEngine(clientOf(double.host), "1", repository);
  const name = `${double.host}/${repository}`;
  const digests = await platformDigests(`${name}@${digest}`, both);
  const parts = new Map(
    [...digests].map(([platform, part]) => [
      platform,
      { name, tag: `in-${platform}`, digest: part, seconds: 1 },
    ]),
  );
  return { digest, parts };
}
