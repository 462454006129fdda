import { expect, test } from "vitest";
import { models } from "../../site/e2e/catalog.ts";
import { curatedOf } from "../../site/e2e/curated.ts";
import { newest } from "../catalog/versions.ts";
import { benchmarkList } from "./list.ts";

const current = models.map(({ versions }) => newest(versions));
const digests = new Map<string, string>(
  current.flatMap(({ id, version, built }) =>
    built ? [[`${id}@${version}`, built.lock.image.digest] as const] : [],
  ),
);
const { benchmarks } = curatedOf((name) => digests.get(name) ?? `sha256:${"0".repeat(64)}`);
const [imagenet] = benchmarkList(benchmarks, current).benchmarks;

test("a claim in per cent stands beside what was measured, as shares", () => {
  expect(imagenet?.rows[0]).toMatchObject({
    id: "efficientnet-lite0",
    metric: "top-1 accuracy",
    claimed: { value: 0.751 },
    measured: { value: 0.742, items: 1000, isCurrent: true },
  });
});

test("a figure of another image than today's says so", () => {
  const row = imagenet?.rows.find(({ id }) => id === "squeezenet");
  expect(row?.claimed).toBeUndefined();
  expect(row?.measured?.isCurrent).toBe(false);
});

test("who neither claims nor was measured has no row, nor has a yanked version", () => {
  expect(imagenet?.rows.map(({ id }) => id)).toEqual(["efficientnet-lite0", "squeezenet"]);
  const yanked = current.map((model) => ({ ...model, yanked: "wrong" }));
  expect(benchmarkList(benchmarks, yanked).benchmarks[0]?.rows).toEqual([]);
});
