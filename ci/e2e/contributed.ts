import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { Config } from "#schema/config.ts";
import { readContribution } from "../contribution.ts";
import type { Problem } from "../problems.ts";
import { contributionRules } from "../rules/index.ts";
import type { Contributed } from "../rules/rule.ts";
import base from "./base/contribution/modelhub.json" with { type: "json" };
import registry from "./base/registry/registry.json" with { type: "json" };

/** A contributor's folder for tests of the rules: each test has a copy of its own. */

/** The folder of the test that runs: a copy of the base contribution. */
export let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-rules-"));
  cpSync(join(import.meta.dirname, "base", "contribution"), folder, {
    recursive: true,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Problems of the base folder with other keys in its config and other files, without hints. */
export async function problems(
  config: Partial<Config> = {},
  files: Record<string, string | Buffer> = {},
  more: Partial<Contributed> = {},
): Promise<string[]> {
  write("modelhub.json", JSON.stringify({ ...base, ...config }));
  for (const [path, content] of Object.entries(files)) write(path, content);
  const contribution = readContribution(folder, { shown: "tiny" });
  expect(contribution.problems).toEqual([]);
  const contributed = { contribution, policy: registry.policy, ...more };
  const found = await Promise.all(contributionRules.map((rule) => rule(contributed)));
  return found.flat().map(line);
}

/** Writes a file into the folder. */
export function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function line({ file, key, expected, got }: Problem): string {
  return `${file} ${key ?? "-"}: ${expected} | ${got}`;
}

/** The config of the folder, and the one sample, weights file and output that it has. */
export const config = base as Config;
export const sample = only(base.samples);
export const weights = only(base.weights);
export const output = only(base.outputs);

function only<Item>([item, ...more]: readonly Item[]): Item {
  if (item === undefined || more.length > 0)
    throw new Error("the base contribution has one of each");
  return item;
}
