import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Lock } from "#schema/lock.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { readJson, writeJson } from "../files.ts";
import { catalog } from "./catalog.ts";
import { checkAll } from "./check.ts";
import { plan } from "./plan.ts";
import { remove } from "./remove.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

const name = "tiny-net@1.0.0";
let stage: DoubleStage;
let lock: Lock;
beforeEach(async () => {
  stage = await DoubleStage.open(["tiny-net", "other"]);
  lock = await stage.publish("tiny-net");
  await stage.publish("other");
});
afterEach(() => stage.close());
afterAll(() => rmSync(home, { recursive: true }));

const file = (path: string) => join(stage.registry, "models/tiny-net", path);
/** Manifests of the version that are still there; of the lists of referrers, older states may be. */
function left({ image, bundle, record, attestations }: Lock): string[] {
  const parts = Object.values({ ...image.platforms, ...attestations });
  const all = [image.digest, bundle, record, ...parts];
  return manifests("tiny-net")?.filter((digest) => all.includes(digest)) ?? [];
}

const manifests = (id: string) => stage.double.holds()[`published/models/${id}`]?.manifests;

function callRemoved(): void {
  const removed = { "1.0.0": { reason: "It held a password.", since: "2026-01-31" } };
  writeJson(file("model.json"), { ...(readJson(file("model.json")) as object), removed });
}

test("all that was published of it is gone, nothing of others, and a tombstone stays", async () => {
  const others = manifests("other");
  callRemoved();
  expect(left(lock)).toHaveLength(7);
  await remove(name, stage.at());
  expect(left(lock)).toEqual([]);
  expect(stage.double.holds()["published/models/tiny-net"]?.tags).toEqual({});
  expect(manifests("other")).toEqual(others);
  expect(existsSync(file("1.0.0/lock.json"))).toBe(false);
  expect(existsSync(file("1.0.0/source.json"))).toBe(true);
  expect((await checkAll({ registry: stage.registry, source: false })).problems).toEqual([]);
  expect(await plan([], stage.at())).toEqual([]);

  const folder = join(stage.folder, "catalog");
  const { models } = await catalog(stage.at(), folder);
  expect(models.map(({ id }) => id)).toEqual(["other"]);
  expect(readJson(join(folder, "api/v1/models/tiny-net/1.0.0.json"))).toMatchObject({
    yanked: "It held a password.",
    entry: { removed: { "1.0.0": { since: "2026-01-31" } } },
  });
});

test("interrupted and run again, it goes on", async () => {
  callRemoved();
  stage.double.break(
    { kind: "answer", status: 418 },
    { method: "DELETE", after: 2, times: Number.POSITIVE_INFINITY },
  );
  await expect(remove(name, stage.at())).rejects.toThrow("418");
  expect(existsSync(file("1.0.0/lock.json"))).toBe(true);
  stage.double.mend();
  await remove(name, stage.at());
  expect(left(lock)).toEqual([]);
});

test("a version that model.json does not call removed stays", async () => {
  const before = stage.double.holds();
  await expect(remove(name, stage.at())).rejects.toThrow("a bad version is yanked");
  expect(stage.double.holds()).toEqual(before);
});

test("a registry that deletes nothing says where to do it", async () => {
  callRemoved();
  stage.double.deletes = false;
  await expect(remove(name, stage.at())).rejects.toThrow("deletes nothing by its API");
});
