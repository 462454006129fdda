import { afterEach, beforeEach, expect, test } from "vitest";
import { verify } from "../commands/verify.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { versionsOfNight } from "../night.ts";
import { type LockedVersion, lockedVersions } from "../release/locked.ts";
import { minutesFor, requestsFor } from "./minutes.ts";

const ids = ["tiny-net", "tiny-two", "tiny-three"];
let stage: DoubleStage;
let versions: LockedVersion[];
beforeEach(async () => {
  stage = await DoubleStage.open(ids);
  for (const id of ids) await stage.publish(`${id}@1.0.0`);
  versions = lockedVersions([], {}, stage.at());
});
afterEach(() => stage.close());

/** Requests for each version in one run. */
async function count(options: { quick?: boolean }): Promise<number[]> {
  const seen = new Map();
  const counts: number[] = [];
  for (const one of versions) {
    const before = stage.double.asked.length;
    expect(await verify(one, one.file, { ...options, seen })).toEqual([]);
    counts.push(stage.double.asked.length - before);
  }
  return counts;
}

test.each([true, false])(
  "a version takes no more requests than a night reckons with, what others share apart (quick: %s)",
  async (quick) => {
    const [first = 0, ...others] = await count({ quick });
    const reckoned = versions.map(({ lock }) => (lock ? requestsFor(lock) : 0));
    console.log(`requests: ${first}, then ${others}; reckoned with: ${reckoned}`);
    expect(others).toHaveLength(2);
    for (const requests of others) {
      expect(requests).toBeLessThanOrEqual(reckoned[1] ?? 0);
      expect(requests).toBeLessThan(first);
    }
  },
);

test("10,000 signed versions take one night quickly, and are all read within 64", () => {
  const [{ lock } = {}] = versions;
  const { sbom = "", provenance = "" } = lock?.attestations ?? {};
  if (!lock) throw new Error("no lock");
  const signed = { ...lock, attestations: { sbom, provenance, signature: sbom } };
  const many = Array.from({ length: 10_000 }, (_, number) => ({
    ...{ id: `model-${number}`, version: "1.0.0", file: "lock.json", lock: signed },
  }));
  const night = (quick: boolean) =>
    versionsOfNight(many, 240, "2026-01-31", (one) => minutesFor(one, { quick }));
  expect(requestsFor(signed)).toBe(25);
  expect(minutesFor({}, {}), "a version without a lock").toBe(0);
  expect(night(true)).toMatchObject({ of: 1 });
  expect(night(false)).toMatchObject({ of: 64 });
});
