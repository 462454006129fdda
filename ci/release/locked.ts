import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import { ContributionError } from "../errors.ts";
import { type Problem, quote } from "../problems.ts";
import { isOneOf, readDocument, readRegistry, requireNamed, shownPath } from "../registry.ts";
import type { Workspace } from "../workspace.ts";

/** A version with the lock to hold it against. */
export interface LockedVersion {
  id: string;
  version: string;
  instance: Instance;
  /** Absent while the version waits for its build. */
  lock?: Lock;
  /** The file of the lock. */
  file: string;
}

/** The named versions, or all, with their locks of today or as a release froze them. */
export function lockedVersions(
  names: readonly string[],
  { release }: { release?: string | undefined },
  at: Workspace,
): LockedVersion[] {
  const found = release === undefined ? ofToday(at) : frozen(release, at);
  requireNamed(names, found, { file: release === undefined ? "registry" : `release ${release}` });
  return found.filter((one) => names.length === 0 || isOneOf(names, one));
}

function ofToday(at: Workspace): LockedVersion[] {
  const { instance, entries, problems } = readRegistry(at.registry);
  if (!instance || problems.length > 0) throw new ContributionError(problems);
  return entries
    .filter(({ model, version }) => !model.removed?.[version])
    .map(({ id, version, lock, files }) => ({
      id,
      version,
      instance,
      ...(lock && { lock }),
      file: shownPath(files.lock),
    }));
}

function frozen(name: string, at: Workspace): LockedVersion[] {
  const { instance } = readRegistry(at.registry);
  const folder = shownPath(join(at.registry, "releases", name));
  if (!existsSync(folder)) throw new ContributionError(unknownRelease(name, at));
  const problems: Problem[] = [];
  const release = readDocument("release", join(folder, "release.json"), problems);
  const found = (release?.versions ?? []).flatMap(({ id, version }) => {
    const file = join(folder, "locks", id, `${version}.json`);
    const lock = readDocument("lock", file, problems);
    return lock && instance ? [{ id, version, instance, lock, file }] : [];
  });
  if (problems.length > 0) throw new ContributionError(problems);
  return found;
}

function unknownRelease(name: string, at: Workspace): Problem {
  const folder = join(at.registry, "releases");
  const known = existsSync(folder) ? readdirSync(folder).sort() : [];
  return {
    file: shownPath(folder),
    expected: known.length > 0 ? `one of ${known.join(", ")}` : "a release of this registry",
    got: quote(name),
    hint:
      known.length > 0
        ? undefined
        : "none is frozen yet; `modelhub release` freezes the locks of today",
  };
}

/** So many of the versions that have a lock, drawn by chance; all of them where no number is said. */
export function sampleOf(
  versions: readonly LockedVersion[],
  count: number | undefined,
): readonly LockedVersion[] {
  if (count === undefined) return versions;
  const drawn = versions.filter(({ lock }) => lock).map((one) => [Math.random(), one] as const);
  return drawn
    .sort(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, one]) => one);
}
