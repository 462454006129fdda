import { cpSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "#schema/config.ts";
import type { Source } from "#schema/entry.ts";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import type { Variant } from "#schema/primitives.ts";
import { ContributionError } from "./errors.ts";
import { fixModes, keyOf, listFiles, makeFolder } from "./files.ts";
import { baseKey } from "./images/base.ts";
import { engineKey } from "./images/engine.ts";
import { type Entry, isOffered, readRegistry, unknownEntry } from "./registry.ts";
import type { Workspace } from "./workspace.ts";

/** One version of one model, as every stage after `plan` takes it. */
export interface Subject {
  id: string;
  version: string;
  /** Hash of all inputs of the build. */
  key: string;
  /** The same without base and engine: what a release of the engine leaves as it is. */
  contentKey: string;
  instance: Instance;
  /** Set where it is another image of the version, for a device. */
  variant?: Variant;
  /** The entry's source; a folder that was never registered has none. */
  source?: Source;
  lock?: Lock;
  /** Folder of the stages' files. */
  work: string;
}

/** The subject with its files on this machine. */
export interface FetchedSubject extends Subject {
  folder: string;
  config: Config;
  configSha256: string;
}

// Changes when the way of building changes, so that everything is built anew.
const recipeVersion = 2;

/** Hash of what all models share. */
async function commonKey(): Promise<string> {
  return keyOf([await baseKey(), await engineKey()]);
}

/**
 * Hash of what is a version's own. A commit fixes an entry's files and they name their weights by
 * hash, so nothing needs to be fetched to know what is to be built.
 */
function entryContentKey({ id, version, source }: Entry, { platforms }: Instance): string {
  const { repository, revision, path = "." } = source;
  return keyOf([recipeVersion, platforms, id, version, repository, revision, path]);
}

/**
 * Entries by `id` or `id@version`; when none is named, all that are still offered. Throws for a name
 * that is not there.
 */
export async function findEntries(names: readonly string[], at: Workspace): Promise<Subject[]> {
  const { instance, entries, problems } = readRegistry(at.registry);
  if (!instance || problems.length > 0) throw new ContributionError(problems);
  const byId = Map.groupBy(entries, ({ id }) => id);
  const wanted =
    names.length === 0 ? entries.filter(isOffered) : names.flatMap((name) => named(name, byId));
  const common = await commonKey();
  return wanted.map((entry) => {
    const { id, version, source, lock } = entry;
    const contentKey = entryContentKey(entry, instance);
    const key = keyOf([common, contentKey]);
    const work = join(at.work, id, version);
    return { id, version, key, contentKey, instance, source, ...(lock && { lock }), work };
  });
}

function named(name: string, byId: ReadonlyMap<string, Entry[]>): Entry[] {
  const [id = "", ...versions] = name.split("@");
  const found = byId.get(id)?.filter(({ version }) => versions.every((one) => one === version));
  if (found && found.length > 0) return found;
  throw new ContributionError([
    unknownEntry(name, [...byId.values()].flat(), {
      expected: "an id of this registry, or a folder with modelhub.json",
    }),
  ]);
}

/** Entries and contributors' folders by name, with their files. */
export async function fetchSubjects(
  names: readonly string[],
  at: Workspace,
): Promise<FetchedSubject[]> {
  const isFolder = (name: string) => existsSync(join(name, "modelhub.json"));
  const subjects: FetchedSubject[] = [];
  for (const name of names.filter(isFolder)) subjects.push(await folderSubject(resolve(name), at));
  const ids = names.filter((name) => !isFolder(name));
  if (ids.length > 0 || names.length === 0) {
    for (const subject of await findEntries(ids, at)) subjects.push(await fetchSubject(subject));
  }
  return subjects;
}

async function fetchSubject(subject: Subject): Promise<FetchedSubject> {
  if (!subject.source) throw new Error(`${subject.id} has no source`);
  // `plan` fetches nothing, and does not wait for what fetches.
  const { fetchSource } = await import("./source.ts");
  const { requireConfig } = await import("./contribution.ts");
  const { folder } = await fetchSource(subject.source, subject);
  return { ...subject, folder, ...requireConfig(folder) };
}

/** A contributor's own folder before it is registered: version 0.0.0, keyed by its files. */
async function folderSubject(folder: string, at: Workspace): Promise<FetchedSubject> {
  const { instance, problems } = readRegistry(at.registry);
  if (!instance) throw new ContributionError(problems);
  const { readContribution, requireConfig } = await import("./contribution.ts");
  const version = "0.0.0";
  const { files, problems: found } = readContribution(folder, { skipIgnored: true });
  if (found.length > 0) throw new ContributionError(found);
  const { config, configSha256 } = requireConfig(folder);
  const work = join(at.work, config.id, version);
  const clean = await makeFolder(
    join(work, "source"),
    async (aside) => {
      for (const { path } of files)
        cpSync(join(folder, path), join(aside, path), { verbatimSymlinks: true });
      fixModes(aside);
    },
    { replace: true },
  );
  const contentKey = keyOf([recipeVersion, instance.platforms, await listFiles(clean)]);
  return {
    id: config.id,
    version,
    key: keyOf([await commonKey(), contentKey]),
    contentKey,
    instance,
    work,
    folder: clean,
    config,
    configSha256,
  };
}
