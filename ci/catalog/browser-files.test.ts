import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DoubleStage } from "../e2e/double-stage.ts";
import { fetchRecord } from "../records.ts";
import { readRegistry } from "../registry.ts";
import { offerToBrowsers } from "./browser.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

let stage: DoubleStage;
beforeAll(async () => {
  stage = await DoubleStage.open();
});
afterAll(async () => {
  await stage.close();
  rmSync(home, { recursive: true });
});

test("browsers get the published weights when the author's host is gone", async () => {
  const lock = await stage.publish("tiny-net");
  const { instance, entries } = readRegistry(stage.registry);
  const [entry] = entries;
  if (!instance || !entry) throw new Error("the stage has one version");
  const { record } = await fetchRecord(lock.image.name, lock.record);
  stage.killHost();
  for (const kept of ["sources", "git"]) rmSync(join(home, kept), { recursive: true });

  const copied: string[] = [];
  const origin = { source: entry.source, lock, instance, place: "models/tiny-net/1.0.0" };
  const offered = await offerToBrowsers(asOnnx(record), origin, (_, to) => copied.push(to));
  expect(offered?.weights).toMatchObject({ bytes: 4, sha256: lock.weights["scale"] });
  expect(copied).toEqual(["models/tiny-net/1.0.0/weights/scale/scale.txt"]);
});

/** The record as that of a model which pages run by themselves; its files stay as they are. */
function asOnnx(record: Awaited<ReturnType<typeof fetchRecord>>["record"]): typeof record {
  const weights = record.config.weights.map((one) => ({ ...one, format: "onnx" as const }));
  const files = record.files.filter(({ path }) => path !== "model.py");
  return { ...record, files, config: { ...record.config, weights } };
}
