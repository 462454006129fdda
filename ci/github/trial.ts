import { join } from "node:path";
import { z } from "zod";
import { Digest, Id, Platform, Version } from "#schema/primitives.ts";
import { build } from "../commands/build.ts";
import { checkAll } from "../commands/check.ts";
import { test } from "../commands/test.ts";
import { ContributionError, exitCodeOf, ModelHubError } from "../errors.ts";
import { machinePlatform, partOf } from "../platforms.ts";
import { formatProblems, Problem, uniqueProblems } from "../problems.ts";
import { run } from "../process.ts";
import { nameOf, readRegistry } from "../registry.ts";
import { fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";
import { foreignChanges } from "./owners.ts";

// More than anybody reads; a report stays small.
const mostProblems = 1000;

const Problems = z.array(Problem).max(mostProblems);

const TriedPlatform = z.object({
  platform: Platform,
  emulated: z.boolean(),
  samples: z.number().int().min(0),
  predictSeconds: z.number().min(0),
  peakMemoryBytes: z.number().min(0),
});

const TriedModel = z.object({
  id: Id,
  version: Version,
  /** Digest of the built image; absent when there is none. */
  image: Digest.optional(),
  platforms: z.array(TriedPlatform).max(10),
  problems: Problems,
  /** What stood in the way and is not the contributor's fault. */
  failure: z.string().optional(),
});

/** What `try` found; the only thing that a job without a token hands to one that has one. */
export const Trial = z.object({
  schemaVersion: z.literal("1"),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(75)]),
  problems: Problems,
  models: z.array(TriedModel).max(256),
});

export type Trial = z.infer<typeof Trial>;
export type TriedModel = z.infer<typeof TriedModel>;

/** Checks, builds and tests the versions whose source differs from what `base` has. */
export async function tryChanges(
  base: string,
  at: Workspace,
  say: (line: string) => void,
): Promise<Trial> {
  const names = await changedVersions(base, at);
  say(names.length > 0 ? `changed: ${names.join(", ")}` : "no version changed");
  try {
    const foreign = await foreignChanges(await changedPaths(base, at), base, at.registry);
    const problems = [...foreign, ...(await checkChanges(names, base, at))];
    if (problems.length > 0) {
      say(formatProblems(problems));
      const shown = problems.slice(0, mostProblems);
      return { schemaVersion: "1", exitCode: 1, problems: shown, models: [] };
    }
    return await tryEach(names, at, say);
  } catch (error) {
    if (!(error instanceof ModelHubError)) throw error;
    say(error.message);
    const problems = [
      {
        file: "the check",
        expected: "to reach a verdict",
        got: error.message,
        hint: "run it again",
      },
    ];
    return { schemaVersion: "1", exitCode: error.exitCode, problems, models: [] };
  }
}

/** Versions, as `id@version`, whose source.json is new or other than at `base`. */
export async function changedVersions(base: string, at: Workspace): Promise<string[]> {
  const changed = new Set(await changedPaths(base, at));
  return readRegistry(at.registry)
    .entries.filter(({ id, version }) => changed.has(join("models", id, version, "source.json")))
    .map(nameOf);
}

/** Files of the registry that differ from those at `base`, by their paths in it. */
async function changedPaths(base: string, { registry }: Workspace): Promise<string[]> {
  const paths = await run(
    "git",
    [
      "diff",
      "--name-only",
      "--no-renames",
      "--relative",
      "-z",
      "--end-of-options",
      base,
      "--",
      ".",
    ],
    { cwd: registry, about: "what differs from the base" },
  );
  return paths.split("\0").filter(Boolean);
}

/** Every entry by itself, since a change may hurt another's; sources of the changed ones only. */
async function checkChanges(
  names: readonly string[],
  base: string,
  { registry }: Workspace,
): Promise<Problem[]> {
  const { problems } = await checkAll({ base, registry, source: false });
  if (problems.length > 0 || names.length === 0) return problems;
  return uniqueProblems((await checkAll({ base, registry, names })).problems);
}

async function tryEach(
  names: readonly string[],
  at: Workspace,
  say: (line: string) => void,
): Promise<Trial> {
  const models: TriedModel[] = [];
  const codes: Trial["exitCode"][] = [0];
  for (const name of names) {
    const { model, code } = await tryOne(name, at, say);
    say(`${name}: ${code === 0 ? "every sample passes" : "failed"}`);
    models.push(model);
    codes.push(code);
  }
  const [exitCode = 0] = codes.toSorted((a, b) => b - a);
  return { schemaVersion: "1", exitCode, problems: [], models };
}

async function tryOne(
  name: string,
  at: Workspace,
  say: (line: string) => void,
): Promise<{ model: TriedModel; code: Trial["exitCode"] }> {
  const [id = "", version = ""] = name.split("@");
  const model: TriedModel = { id, version, platforms: [], problems: [] };
  try {
    const [entry] = await fetchSubjects([name], at);
    if (!entry) throw new Error(`${name} vanished from the registry`);
    // What is merged is built on a machine of each platform; here it is tried on this one's.
    const subject = partOf(entry, machinePlatform());
    const built = await build(subject, { staging: at.staging, say });
    model.image = built.images.deployment.digest;
    const { reports } = await test(subject, built);
    model.platforms = reports.map(({ samples, ...report }) => ({
      ...report,
      samples: samples.length,
    }));
    return { model, code: 0 };
  } catch (error) {
    if (!(error instanceof ModelHubError)) throw error;
    say(error.message);
    if (error instanceof ContributionError) model.problems = error.problems.slice(0, mostProblems);
    else model.failure = error.message;
    return { model, code: exitCodeOf(error) };
  }
}
