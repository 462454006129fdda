import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Instance } from "#schema/instance.ts";
import { Release } from "#schema/release.ts";
import { ContributionError } from "../errors.ts";
import { sha256, toJson, writeFile } from "../files.ts";
import { type Problem, quote } from "../problems.ts";
import { type Entry, isOffered, readRegistry, shownPath } from "../registry.ts";
import { citation, collection, zenodo } from "./metadata.ts";

/**
 * A release: a copy of every lock that is offered, and what catalogues of research ask for. The
 * locks of the day move on with the engine; a frozen one stays, and git keeps equal files once.
 */

/** Writes a release; its list comes last, so half of one is not taken for a release. */
export function freeze(registry: string, name: string, date: string): string[] {
  requireNameAndDay(name, date);
  const files = releaseFiles(registry, name, date);
  const list = join(registry, "releases", name, "release.json");
  if (existsSync(list))
    throw new ContributionError({
      file: shownPath(list),
      expected: "a name that no release has",
      got: name,
      hint: "a release is never changed: choose the next name",
    });
  for (const [file, text] of files) writeFile(file, text);
  return [...files.keys()];
}

/** What of a release is not as the registry of this commit gives it; empty when its tag may be set. */
export function compareRelease(registry: string, name: string): Problem[] {
  requireNameAndDay(name);
  const list = join(registry, "releases", name, "release.json");
  const before = Release.safeParse(existsSync(list) && JSON.parse(readFileSync(list, "utf8")));
  if (!before.success)
    return [
      {
        file: shownPath(list),
        expected: "the list of a release",
        got: existsSync(list) ? "another document" : "nothing",
        hint: `\`modelhub release ${name}\` writes it; commit it, then set the tag`,
      },
    ];
  const problems: Problem[] = [];
  for (const [file, text] of releaseFiles(registry, name, before.data.date)) {
    const is = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    if (is === text) continue;
    problems.push({
      file: shownPath(file),
      expected: "what this commit's locks and registry.json give",
      got: is === undefined ? "nothing" : "another text",
      hint: "the tag belongs on the commit that wrote the release; a later state is a new release",
    });
  }
  return problems;
}

/** Every file of a release with its text, by its path. */
function releaseFiles(registry: string, name: string, date: string): Map<string, string> {
  const { instance, entries, problems } = readRegistry(registry);
  if (!instance || problems.length > 0) throw new ContributionError(problems);
  const folder = join(registry, "releases", name);
  const locks = frozenLocks(entries);
  const release = Release.safeParse({
    schemaVersion: "1",
    name,
    date,
    versions: locks.map(({ id, version, text }) => ({ id, version, lock: sha256(text) })),
  });
  if (!release.success)
    throw new ContributionError({
      file: shownPath(registry),
      expected: "a lock to freeze",
      got: "a registry without any",
      hint: "`modelhub pipeline` builds, publishes and locks what is registered",
    });
  return new Map([
    ...metadataFiles(registry, instance, release.data),
    ...locks.map(({ id, version, text }): [string, string] => [
      join(folder, "locks", id, `${version}.json`),
      text,
    ]),
    [join(folder, "release.json"), toJson(release.data)],
  ]);
}

function metadataFiles(registry: string, instance: Instance, release: Release): [string, string][] {
  const top = dirname(registry);
  return [
    [join(top, "CITATION.cff"), stringify(citation(instance, release))],
    [join(top, ".zenodo.json"), toJson(zenodo(instance, release))],
    [
      join(registry, "releases", release.name, "datacite.json"),
      toJson(collection(instance, release)),
    ],
  ];
}

function frozenLocks(entries: readonly Entry[]): { id: string; version: string; text: string }[] {
  return entries
    .filter((entry) => entry.lock && isOffered(entry))
    .map(({ id, version, files }) => ({ id, version, text: readFileSync(files.lock, "utf8") }));
}

function requireNameAndDay(name: string, date?: string): void {
  const { shape } = Release;
  const problems: Problem[] = [];
  if (!shape.name.safeParse(name).success)
    problems.push({
      file: "release",
      expected: "a name such as v2026.1, of v and one to three numbers",
      got: quote(name),
    });
  if (date !== undefined && !shape.date.safeParse(date).success)
    problems.push({ file: "--date", expected: "a day such as 2026-01-31", got: quote(date) });
  if (problems.length > 0) throw new ContributionError(problems);
}
