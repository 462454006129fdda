import { expect, test } from "vitest";
import type { Built } from "#schema/catalog.ts";
import type { PastTest } from "#schema/tests.ts";
import { models } from "../e2e/catalog.ts";
import { conditions, measurements, retests, testsOf } from "./tests.ts";

const builtOf = (id: string): Built => {
  const found = models.flatMap(({ versions }) => versions).find((one) => one.id === id)?.built;
  if (!found) throw new Error(`no build of ${id}`);
  return found;
};
const built = builtOf("efficientnet-lite0");
const [report] = built.record.reports;
const again = (more: Partial<PastTest>): PastTest => ({
  image: built.lock.image.digest,
  engineVersion: "0.1.0",
  tested: "2026-06-03",
  platform: "linux/amd64",
  emulated: false,
  passed: true,
  ...more,
});

test("all tests stand in one list, those without a day last", () => {
  expect(testsOf(built).map(({ tested, platform }) => [tested, platform])).toEqual([
    ["2026-06-02", "linux/amd64"],
    ["2026-05-17", "linux/amd64"],
    ["2026-05-17", "linux/arm64"],
    [undefined, "linux/amd64"],
  ]);
});

test("a later test counts for what is offered now, and the last one on each platform", () => {
  const history = [
    again({ tested: "2026-06-04" }),
    again({ passed: false }),
    again({ platform: "linux/arm64", passed: false }),
    again({ image: `sha256:${"0".repeat(64)}`, passed: false }),
  ];
  expect(retests({ ...built, history })).toEqual([history[0], history[2]]);
});

test("day and machine are told once for all that they hold for, or that nobody noted them", () => {
  expect(conditions(built.record)).toEqual([
    "linux/amd64 and linux/arm64: tested 2026-05-17 on 2 cores of AMD EPYC 7763 64-Core Processor with 2.1\u00a0GB of memory.",
  ]);
  expect(conditions(builtOf("squeezenet").record)).toEqual([
    "linux/amd64 and linux/arm64: not noted when and on what it was tested.",
  ]);
});

test("a variant's measurements stand beside those of the model's own image", () => {
  if (!report) throw new Error("no report");
  const image = { ...built.record.image, platforms: { "linux/amd64": { digest: "", bytes: 7 } } };
  const variants = { cuda: { image, reports: [{ ...report, gpu: "NVIDIA H100" }] } };
  const rows = measurements({ ...built.record, variants });
  expect(rows.map(({ where }) => where)).toEqual([
    "linux/amd64",
    "linux/arm64",
    "NVIDIA H100, cuda",
  ]);
  expect(rows.at(-1)?.downloadBytes).toBe(7);
});
