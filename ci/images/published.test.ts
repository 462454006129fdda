import { afterEach, beforeEach, expect, test } from "vitest";
import type { Instance } from "#schema/instance.ts";
import { answer, badDays } from "../e2e/bad-days.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { pushRuntime } from "../e2e/example-images.ts";
import { readJson } from "../files.ts";
import { machinePlatform } from "../platforms.ts";
import { tagOf } from "./level.ts";
import { clientOf, copy, resolveDigest } from "./oci.ts";
import { platformsWithoutBase, publishBase } from "./published.ts";
import { baseLevel } from "./stack.ts";

const own = machinePlatform();
let stage: DoubleStage;
let instance: Instance;
let digest: string;
beforeEach(async () => {
  stage = await DoubleStage.open();
  instance = readJson(`${stage.registry}/registry.json`) as Instance;
  // As a builder leaves it in staging.
  ({ digest } = await pushRuntime(clientOf(stage.double.host), "", "build/base"));
  const { key } = await baseLevel([own]);
  await copy(`${stage.double.host}/build/base@${digest}`, `${staging()}/base:${tagOf(key)}`);
});
afterEach(() => stage.close());

const staging = () => `${stage.double.host}/build`;
const publish = () => publishBase(instance, own, { staging: staging(), say: () => {} });

test.each(Object.entries(badDays))(
  "with %s, a base image is published, and the platforms that have none are told",
  async (_, happens) => {
    happens(stage.double);
    expect(await platformsWithoutBase(instance)).toEqual(["linux/amd64", "linux/arm64"]);
    expect(await publish()).toBe(digest);
    expect(await platformsWithoutBase(instance)).toEqual(
      instance.platforms.filter((platform) => platform !== own),
    );
    stage.double.mend();
    const { key } = await baseLevel([own]);
    expect(await resolveDigest(`${stage.images}/base:${tagOf(key)}`)).toBe(digest);
  },
);

test("a registry that stays busy is asked another day, and no base is taken for missing", async () => {
  await publish();
  stage.double.break(answer(503), { times: Number.POSITIVE_INFINITY });
  await expect(platformsWithoutBase(instance)).rejects.toMatchObject({ exitCode: 75 });
  await expect(publish()).rejects.toMatchObject({ exitCode: 75 });
});
