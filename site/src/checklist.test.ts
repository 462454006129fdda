import { expect, test } from "vitest";
import type { Built } from "#schema/catalog.ts";
import { models } from "../e2e/catalog.ts";
import { checklist } from "./checklist.ts";

const version = models[0]?.versions[0];
const built = version?.built as Built;
const source = { source: { ...version?.source, revision: "c0ffee".repeat(7) } } as never;
const open = (one: Built, measured = 1) =>
  checklist(source, one, measured)
    .filter(({ isMet }) => !isMet)
    .map(({ text }) => text);

test("what the record and the config have is met, and nothing else", () => {
  expect(open(built)).toEqual([
    "All software in the image is listed",
    "What it was built from is signed",
    "The code that trained it can be had",
  ]);
});

test("each thing that a version lacks is told", () => {
  const { publications: _, provenance: __, evaluation: ___, ...config } = built.record.config;
  const licenses = { ...config.licenses, weights: "LicenseRef-Research-Only" };
  const reports = built.record.reports.map((report) => ({ ...report, passed: false }));
  const data = { title: "On the data that it was tried on", relation: "uses" as const };
  const told = { ...config, licenses, publications: [data] };
  const bare = { ...built, record: { ...built.record, config: told, reports } };
  expect(open(bare, 0)).toHaveLength(10);
  expect(open(bare, 0)).toContain("2 samples reproduced on linux/amd64 and linux/arm64");
});

test("training code that can be had is met", () => {
  const { config } = built.record;
  const provenance = {
    ...config.provenance,
    training: { ...config.provenance?.training, code: "https://example.org/train" },
  };
  const record = { ...built.record, config: { ...config, provenance } };
  expect(open({ ...built, record })).not.toContain("The code that trained it can be had");
});

test("one platform where a sample failed is enough for it not to be reproduced", () => {
  const [first, ...rest] = built.record.reports;
  const reports = [...rest, { ...first, passed: false } as NonNullable<typeof first>];
  expect(rest).not.toEqual([]);
  expect(open({ ...built, record: { ...built.record, reports } })).toContain(
    "2 samples reproduced on linux/arm64 and linux/amd64",
  );
});

test("a list of software and a signature count where the lock names them", () => {
  const digest = `sha256:${"0".repeat(64)}` as const;
  const attestations = { sbom: digest, provenance: digest, signature: digest };
  const signed = { ...built, lock: { ...built.lock, attestations } };
  expect(open(signed)).toEqual(["The code that trained it can be had"]);
});
