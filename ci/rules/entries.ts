import { join } from "node:path";
import { nearest } from "../nearest.ts";
import type { Problem } from "../problems.ts";
import { quote } from "../problems.ts";
import type { Entry } from "../registry.ts";
import type { EntryRule, Registered } from "./rule.ts";

/** Ids that differ only by hyphens are one name to a reader: `squeeze-net` and `squeezenet`. */
export const idIsUnique: EntryRule = ({ registry, base }) => {
  const names = Map.groupBy(registry.ids.keys(), (id) => id.replaceAll("-", ""));
  return [...names.values()].flatMap((ids) =>
    newcomers(ids, base).map((id) => ({
      file: join(registry.folder, "models", id),
      expected: "an id that differs from others by more than hyphens",
      got: `${quote(id)} beside ${others(id, ids)}`,
      hint: "a new version of the same model goes into the folder that is there",
    })),
  );
};

/** One folder of one repository is one model. A deprecated model may hand its source to its successor. */
export const sourceIsUnique: EntryRule = ({ registry, base }) => {
  const current = registry.entries.filter(({ model }) => model.status?.state !== "deprecated");
  const places = Map.groupBy(current, placeOf);
  return [...places.values()].flatMap((entries) => {
    const ids = [...new Set(entries.map(({ id }) => id))];
    const blamed = newcomers(ids, base);
    return entries
      .filter(({ id }) => blamed.includes(id))
      .map((entry) => ({
        file: entry.files.source,
        key: "repository",
        expected: "a repository and path that no other id has",
        got: `the source of ${others(entry.id, ids)}`,
        hint: `add a version to ${others(entry.id, ids)}, or deprecate it with this id as successor`,
      }));
  });
};

/** One version, one commit, for ever: what was merged once, and what was built, stays as it is. */
export const sourceIsFrozen: EntryRule = ({ registry, base }) => {
  const againstBase = [...(base?.changed ?? [])].flatMap(([path, { was, is }]): Problem[] => {
    const file = join(registry.folder, path);
    const hint = "give the change a new version";
    if (is === undefined)
      return [
        {
          file,
          expected: "every version to stay",
          got: "a removed one",
          hint: "restore it and yank the version in model.json: it is hidden, and its digest stays pullable",
        },
      ];
    return differences(parsed(was), parsed(is)).map(([key, before, now]) => ({
      file,
      key,
      expected: `${show(before)}, as it was merged`,
      got: show(now),
      hint,
    }));
  });
  const againstLock = registry.entries.flatMap(({ source, lock, files }): Problem[] => {
    if (!lock) return [];
    const { repository, revision, path = ".", configSha256 } = source;
    const locked = {
      ...lock.source,
      // An entry may leave the hash to CI.
      configSha256: configSha256 === undefined ? undefined : lock.source.configSha256,
    };
    return differences(locked, { repository, revision, path, configSha256 }).map(
      ([key, before, now]) => ({
        file: files.source,
        key,
        expected: `${show(before)}, as lock.json says it was built`,
        got: show(now),
        hint: "give the change a new version",
      }),
    );
  });
  // What git knows is said once; the lock speaks for registries outside of git.
  const said = new Set(againstBase.map(({ file, key }) => `${file} ${key}`));
  return [...againstBase, ...againstLock.filter(({ file, key }) => !said.has(`${file} ${key}`))];
};

/** The lock lies where its id and version say. */
export const lockMatchesEntry: EntryRule = ({ registry }) =>
  registry.entries.flatMap(({ id, version, lock, files }) => {
    const problems: Problem[] = [];
    if (lock && lock.id !== id)
      problems.push({ file: files.lock, key: "id", expected: quote(id), got: quote(lock.id) });
    if (lock && lock.version !== version)
      problems.push({
        file: files.lock,
        key: "version",
        expected: quote(version),
        got: quote(lock.version),
      });
    return problems;
  });

/** A model comes from the repository that its maintainers answer for. */
export const repositoryMatches: EntryRule = ({ registry }) =>
  // Only the newest: a repository that moved is renamed in model.json, and older versions are frozen.
  models(registry)
    .filter(({ model, source }) => normal(model.repository) !== normal(source.repository))
    .map(({ model, source, files }) => ({
      file: files.source,
      key: "repository",
      expected: `${quote(model.repository)}, as in model.json`,
      got: quote(source.repository),
      hint: "if the model moved, change the repository in model.json too",
    }));

/** A version is built from a commit of its own. */
export const versionsDiffer: EntryRule = ({ registry }) => {
  const commits = Map.groupBy(
    registry.entries,
    (entry) => `${entry.id} ${placeOf(entry)} ${entry.source.revision}`,
  );
  return [...commits.values()].flatMap(([first, ...rest]) =>
    rest.map(({ files }) => ({
      file: files.source,
      key: "revision",
      expected: "a commit that no other version has",
      got: `the commit of ${first?.version}`,
      hint: "commit the change, then name the new commit",
    })),
  );
};

/** Only versions that are there can be yanked. */
export const yankedVersionsExist: EntryRule = ({ registry }) =>
  models(registry).flatMap(({ id, model, files }) => {
    const versions = registry.ids.get(id) ?? [];
    return Object.keys(model.yanked ?? {})
      .filter((version) => !versions.includes(version))
      .map((version) => ({
        file: files.model,
        key: `yanked[${quote(version)}]`,
        expected: `one of ${versions.join(", ")}`,
        got: version,
      }));
  });

/** Who is sent on to a successor finds it. */
export const successorExists: EntryRule = ({ registry }) =>
  models(registry).flatMap(({ id, model, files }) => {
    const successor = model.status?.state === "deprecated" ? model.status.successor : undefined;
    if (successor === undefined || (successor !== id && registry.ids.has(successor))) return [];
    const meant = nearest(
      successor,
      [...registry.ids.keys()].filter((other) => other !== id),
    );
    return [
      {
        file: files.model,
        key: "status.successor",
        expected: "the id of another model in this registry",
        got: quote(successor),
        hint: meant && `did you mean ${quote(meant)}?`,
      },
    ];
  });

/** Whom to blame for a clash: those that the base did not have, if it is known and had one of them. */
function newcomers(ids: string[], base: Registered["base"]): string[] {
  if (ids.length < 2) return [];
  const added = base ? ids.filter((id) => !base.ids.has(id)) : [];
  return added.length > 0 ? added : ids;
}

function others(id: string, ids: string[]): string {
  return ids
    .filter((other) => other !== id)
    .map(quote)
    .join(", ");
}

function placeOf({ source }: Entry): string {
  return `${normal(source.repository)} ${source.path ?? "."}`;
}

/** An address without what hosts take as the same: case, `.git`, a slash at the end. */
function normal(repository: string): string {
  return repository
    .toLowerCase()
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
}

/** The newest entry of each model: entries come in order of version. */
function models({ entries }: { entries: Entry[] }): Entry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

type Keys = Record<string, unknown>;

/** Keys in which two small objects differ, with both values. The editor's `$schema` means nothing. */
function differences(before: Keys, now: Keys): [string, unknown, unknown][] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => key !== "$schema")
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]))
    .map((key) => [key, before[key], now[key]]);
}

function parsed(text: string): Keys {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // The shape of the file is judged elsewhere.
    return {};
  }
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
