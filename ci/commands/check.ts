import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Source } from "#schema/entry.ts";
import type { Instance } from "#schema/instance.ts";
import { type Contribution, configFile, readContribution } from "../contribution.ts";
import { ContributionError, RetryError } from "../errors.ts";
import { toJson } from "../files.ts";
import { root } from "../home.ts";
import {
  countProblems,
  formatBytes,
  formatProblems,
  type Problem,
  plural,
  sortProblems,
} from "../problems.ts";
import { type Entry, type Registry, readRegistry } from "../registry.ts";
import { readBase } from "../rules/base.ts";
import { contributionRules, entryRules } from "../rules/index.ts";
import type { Contributed, FetchWeights } from "../rules/rule.ts";
import { selectEntries } from "../selection.ts";
import { inTurns } from "../turns.ts";

export interface CheckOptions {
  /** Folders with modelhub.json, ids, or `id@version`. Default: every entry. */
  names?: readonly string[] | undefined;
  /** Folder that holds registry.json. */
  registry?: string | undefined;
  /** Commit whose entries are frozen. Default: HEAD. */
  base?: string | undefined;
  /** One JSON object on stdout instead of words on stderr. */
  json?: boolean | undefined;
  /** False: only the entries, not the folders that they point to. */
  source?: boolean | undefined;
  /** False: no weights are fetched from elsewhere. */
  weights?: boolean | undefined;
}

/** One checked thing: an entry, or a contributor's folder. */
export interface Checked {
  name: string;
  ok: boolean;
  /** Absent where the folder was not looked at. */
  files?: number;
  weightsBytes?: number;
}

export interface CheckReport {
  ok: boolean;
  checked: Checked[];
  problems: Problem[];
}

/** `check`: tells whether entries and folders are as promised. Exit code 0 when all are, else 1. */
export async function check(options: CheckOptions = {}): Promise<number> {
  const report = await checkAll(options);
  if (options.json) process.stdout.write(toJson(report));
  else process.stderr.write(describeReport(report));
  return report.ok ? 0 : 1;
}

/** The same as data, for programs. */
export async function checkAll(options: CheckOptions = {}): Promise<CheckReport> {
  const { names = [] } = options;
  const { MODELHUB_REGISTRY } = process.env;
  const place = options.registry ?? MODELHUB_REGISTRY ?? join(root, "registry");
  const folders = names.filter((name) => existsSync(join(name, configFile)));
  const entries = names.filter((name) => !folders.includes(name));
  const registry = readRegistry(place);

  const results: Result[] = [];
  const { instance } = registry;
  const wantsEntries = names.length === 0 || entries.length > 0;
  if (wantsEntries) results.push(await checkEntries(registry, entries, options));
  else if (!instance)
    results.push({ checked: [], problems: problemsIn(registry, "registry.json") });
  if (instance) {
    for (const folder of folders) {
      const contribution = readContribution(folder, { skipIgnored: true });
      results.push(
        await orLater(contribution.shown, checkFolder(contribution, { instance }, options)),
      );
    }
  }
  const problems = sortProblems(results.flatMap((result) => result.problems));
  const checked = results.flatMap((result) => result.checked);
  // A network that fails is no verdict; problems that were found all the same are worth telling first.
  const [later] = results.flatMap((result) => result.later ?? []);
  if (later && problems.length === 0) throw later;
  return { ok: problems.length === 0, checked, problems };
}

interface Result {
  checked: Checked[];
  problems: Problem[];
  /** What could not be looked at now. */
  later?: RetryError[];
}

/** The result, or that it can only be had later. */
async function orLater(name: string, checking: Promise<Result>): Promise<Result> {
  try {
    return await checking;
  } catch (error) {
    if (!(error instanceof RetryError)) throw error;
    return { checked: [{ name, ok: false }], problems: [], later: [error] };
  }
}

async function checkEntries(
  registry: Registry,
  names: readonly string[],
  options: CheckOptions,
): Promise<Result> {
  const wanted = selectEntries(registry, names);
  const base = readBase(registry.folder, options.base);
  const known = [
    ...registry.problems,
    ...entryRules.flatMap((rule) => rule({ registry, base })),
  ].filter(({ file }) => wanted.covers(file));
  const results = await inTurns(wanted.entries, 8, async (entry): Promise<Result> => {
    const own = known.filter(({ file }) => isOf(entry, file));
    if (options.source === false || own.length > 0 || !registry.instance)
      return { checked: [{ name: titleOf(entry), ok: own.length === 0 }], problems: [] };
    return orLater(titleOf(entry), checkSource(entry, registry.instance, options));
  });
  return {
    later: results.flatMap(({ later = [] }) => later),
    checked: results.flatMap(({ checked }) => checked),
    problems: [...wanted.problems, ...known, ...results.flatMap(({ problems }) => problems)],
  };
}

/** Gets the folder that an entry points to, and checks it. */
async function checkSource(
  entry: Entry,
  instance: Instance,
  options: CheckOptions,
): Promise<Result> {
  let folder: string;
  try {
    const { fetchSource } = await import("../source.ts");
    ({ folder } = await fetchSource(entry.source, { instance }));
  } catch (error) {
    if (!(error instanceof ContributionError)) throw error;
    const problems = error.problems.map((problem) => ({
      ...problem,
      file: basename(problem.file) === "source.json" ? entry.files.source : problem.file,
    }));
    return { checked: [{ name: titleOf(entry), ok: false }], problems };
  }
  const contribution = readContribution(folder, { shown: shownSource(entry.source) });
  return checkFolder(contribution, { instance, entry }, options);
}

async function checkFolder(
  contribution: Contribution,
  { instance, entry }: { instance: Instance; entry?: Entry },
  options: CheckOptions,
): Promise<Result> {
  const fetched: number[] = [];
  const contributed: Contributed = {
    contribution,
    policy: instance.policy,
    ...(entry && { entry, isOurs: entry.source.repository === instance.repository }),
    ...(options.weights !== false && { fetchWeights: countedBy(fetched) }),
  };
  const found = await Promise.all(contributionRules.map((rule) => rule(contributed)));
  const problems = [...contribution.problems, ...found.flat()];
  const { parts, files, shown } = contribution;
  const local = (parts.weights ?? [])
    .filter(({ source }) => source === undefined || options.weights === false)
    .map(({ path, bytes }) => files.find((file) => file.path === path)?.bytes ?? bytes ?? 0);
  const weightsBytes = [...local, ...fetched].reduce((sum, bytes) => sum + bytes, 0);
  const name = entry ? titleOf(entry) : shown;
  return {
    checked: [{ name, ok: problems.length === 0, files: files.length, weightsBytes }],
    problems,
  };
}

function countedBy(fetched: number[]): FetchWeights {
  return async (weights, options) => {
    // Only a config with such weights needs the fetcher and all that it brings.
    const { fetchWeights } = await import("../weights.ts");
    const say = (line: string) => process.stderr.write(`${line}\n`);
    const file = await fetchWeights(weights, { ...options, say });
    fetched.push(file.bytes);
    return file;
  };
}

/** The report as a person reads it: what is right, a line each; then what is not. */
function describeReport({ checked, problems }: CheckReport): string {
  const fine = checked.filter(({ ok }) => ok).map(describeChecked);
  const parts = fine.length > 0 ? [fine.join("\n")] : [];
  if (problems.length > 0) parts.push(formatProblems(problems), countProblems(problems));
  if (parts.length === 0) parts.push("nothing to check: the registry has no entries");
  return `${parts.join("\n\n")}\n`;
}

function describeChecked({ name, files, weightsBytes = 0 }: Checked): string {
  if (files === undefined) return `${name}  ok (entry only)`;
  return `${name}  ok (${plural(files, "file")}, ${formatBytes(weightsBytes)} of weights)`;
}

function titleOf({ id, version }: Entry): string {
  return `${id} ${version}`;
}

/** A fetched folder as messages name it: its address at the commit. */
function shownSource({ repository, revision, path = "." }: Source): string {
  const place = `${repository.replace(/^https:\/\//, "").replace(/\.git$/, "")}@${revision.slice(0, 12)}`;
  return path === "." ? place : `${place}/${path}`;
}

function problemsIn({ problems, folder }: Registry, file: string): Problem[] {
  return problems.filter((problem) => problem.file === join(folder, file));
}

/** Whether a file speaks of this version: its own, or its model's. */
function isOf({ files }: Entry, file: string): boolean {
  const own = join(files.source, "..");
  return (
    file === files.model ||
    file === join(files.model, "..") ||
    file === own ||
    file.startsWith(`${own}/`)
  );
}
