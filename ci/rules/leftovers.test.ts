import { cpSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import template from "../../contrib-template/modelhub.json" with { type: "json" };
import { readContribution } from "../contribution.ts";
import { root } from "../home.ts";
import type { Entry } from "../registry.ts";
import { formIsFilledIn, templateIsReplaced } from "./leftovers.ts";
import type { Contributed } from "./rule.ts";

const home = join(root, "contrib-template");
const limits = { maxFileBytes: 1e7, maxFolderBytes: 1e8, maxWeightsBytes: 1e9, maxMemoryMB: 2048 };
const [output] = template.outputs;
const entry = { id: "handwritten-digits", version: "1.0.0" } as Entry;

/** What the rules find in a folder, as file and key. */
async function leftIn(folder: string, more: Partial<Contributed> = {}): Promise<string[]> {
  const contribution = readContribution(folder, { shown: "." });
  const contributed = { contribution, policy: limits, ...more };
  const problems = [templateIsReplaced, formIsFilledIn].map((rule) => rule(contributed));
  return (await Promise.all(problems)).flat().map(({ file, key }) => (key ? key : file));
}

/** The template as one copies it. */
function untouched(): string {
  const folder = mkdtempSync(join(tmpdir(), "leftovers-"));
  for (const name of ["modelhub.json", "README.md", "LICENSE", "licenses"])
    cpSync(join(home, name), join(folder, name), { recursive: true });
  return folder;
}

/** A copy with other weights, and what else is said. */
function copied(changes: object): string {
  const folder = untouched();
  const weights = template.weights.map((one) => ({ ...one, sha256: "0".repeat(64) }));
  const config = { ...template, weights, ...changes };
  writeFileSync(join(folder, "modelhub.json"), JSON.stringify(config));
  return folder;
}

test("the template and the examples say nothing that is left over", async () => {
  expect(await leftIn(home)).toEqual([]);
  for (const name of readdirSync(join(home, "examples"), { withFileTypes: true }))
    if (name.isDirectory()) expect(await leftIn(join(home, "examples", name.name))).toEqual([]);
});

test("a copy passes as it is, until it is registered or changed", async () => {
  expect(await leftIn(untouched())).toEqual([]);
  const all = ["id", "title", "weights[0].sha256", "licenses/weights.txt"];
  expect(await leftIn(untouched(), { entry })).toEqual(expect.arrayContaining(all));
  const found = await leftIn(copied({ title: "Mine", weights: template.weights }));
  expect(found).toEqual(
    expect.arrayContaining(["id", "weights[0].sha256", "licenses/weights.txt"]),
  );
});

test("the registry's own repository may register the template", async () => {
  expect(await leftIn(copied({ title: "Ours" }), { entry, isOurs: true })).toEqual([]);
});

test("with other weights, all that is still the template's is told at once", async () => {
  const found = await leftIn(copied({ outputs: [{ ...output, id: "nuclei" }] }));
  expect(found).toEqual([
    ...["id", "title", "summary", "description", "authors[0]", "publications[0].title"],
    ...["provenance.trainedOn[0].name", "inputs[0].description", "outputs[0].description"],
    ...template.samples.flatMap((_, index) => [
      `samples[${index}].title`,
      `samples[${index}].credit`,
    ]),
    ...["evaluation[0].dataset", "use.intended", "use.outOfScope", "use.limitations"],
    ...["README.md", "licenses/weights.txt", "licenses/samples.txt"],
  ]);
});

test("where the config can't be read, or its outputs can't, that is told alone", async () => {
  const folder = untouched();
  writeFileSync(join(folder, "modelhub.json"), "{");
  expect(await leftIn(folder)).toEqual([]);
  expect(await leftIn(copied({ outputs: [{}] }))).not.toContain("licenses/samples.txt");
});

test("another model of the same digits may name the same data", async () => {
  const found = await leftIn(copied({ title: "My Digits" }));
  expect(found).toContain("summary");
  expect(
    found.filter((key) => /^(publications|provenance|inputs|outputs|samples)/.test(key)),
  ).toEqual([]);
  expect(found).not.toContain("licenses/samples.txt");
});

test.each(["TODO: describe", "tbd", "…", "<your model>", "Lorem ipsum dolor sit amet."])(
  "%s waits to be filled in",
  async (summary) => expect(await leftIn(copied({ summary }))).toContain("summary"),
);

test.each(["Todo el cerebro", "TBD is a tick-borne disease.", "p < 0.05 and n > 3", "XXX trisomy"])(
  "%s is a text like any other",
  async (summary) => expect(await leftIn(copied({ summary }))).not.toContain("summary"),
);
