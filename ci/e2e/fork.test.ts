import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { catalog } from "../commands/catalog.ts";
import { readJson, writeJson } from "../files.ts";
import { fetchFirstFile } from "../images/oci.ts";
import { freeze } from "../release/freeze.ts";
import { DoubleStage } from "./double-stage.ts";

/**
 * A fork: the same program with another registry.json. Nothing that it publishes, freezes or shows
 * may speak of the registry that it was forked from.
 */

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("./own-home.ts");
  return takeOwnHome();
});

const ours = {
  name: "Plankton Models",
  summary: "Models that know plankton.",
  repository: "https://git.example.edu/plankton/registry",
  site: "https://plankton.example.edu/",
};
let stage: DoubleStage;

beforeAll(async () => {
  stage = await DoubleStage.open();
  const file = join(stage.registry, "registry.json");
  writeJson(file, { ...(readJson(file) as object), ...ours });
});
afterAll(async () => {
  await stage.close();
  rmSync(home, { recursive: true });
});

test("speaks of itself alone, in all that it publishes, freezes and shows", async () => {
  const { image, record, attestations } = await stage.publish("tiny-net");
  const { sbom = "", provenance = "" } = attestations ?? {};
  const texts = new Map<string, string>();
  for (const digest of [record, sbom, provenance])
    texts.set(digest, await fetchFirstFile(`${image.name}@${digest}`));
  for (const path of freeze(stage.registry, "v1", "2026-01-31"))
    texts.set(path, readFileSync(path, "utf8"));
  const api = join(stage.folder, "catalog");
  await catalog(stage.at(), api);
  for (const path of readdirSync(api, { recursive: true, encoding: "utf8" }))
    if (/\.(json|jsonld|xml|cff|yaml|md|svg)$/.test(path))
      texts.set(path, readFileSync(join(api, path), "utf8"));

  expect(texts.size).toBeGreaterThan(15);
  const all = [...texts.values()].join("\n");
  for (const own of Object.values(ours)) expect(all).toContain(own);
  // The schemas are the program's, and say so of themselves.
  const foreign = [...texts]
    .filter(([path]) => !path.includes("schema/"))
    .flatMap(([path, text]) =>
      [...text.matchAll(/.{0,40}(modelhub-registry|github\.com\/modelhub|"ModelHub").{0,40}/g)].map(
        ([found]) => `${path}: ${found}`,
      ),
    );
  expect(foreign).toEqual([]);
});
