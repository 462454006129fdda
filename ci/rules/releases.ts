import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../files.ts";
import type { Problem } from "../problems.ts";
import { readDocument } from "../registry.ts";
import type { EntryRule } from "./rule.ts";

const hint = "restore it; what changed since belongs into the next release";

/** What a paper cites stays: a release that was merged loses, changes and gains no file. */
export const releasesAreFrozen: EntryRule = ({ registry, base }) => {
  const folder = join(registry.folder, "releases");
  if (!existsSync(folder) && !base?.released.size) return [];
  const now = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((item) => !item.isDirectory())
        .map((item) => join(item.parentPath, item.name).slice(registry.folder.length + 1))
    : [];
  const before = base?.released ?? new Map<string, boolean>();
  const merged = new Set([...before.keys()].map(releaseOf));
  const added = now.filter((path) => merged.has(releaseOf(path)) && !before.has(path));
  const changed = [...before].filter(([, isSame]) => !isSame).map(([path]) => path);
  return [
    ...added.map((path) => problem(path, "no file but those of the release", "a new one")),
    ...changed.map((path) =>
      problem(path, "the file of the release", now.includes(path) ? "another text" : "nothing"),
    ),
    // git speaks for what was merged; the list, for what is about to be.
    ...[...new Set(now.map(releaseOf))]
      .filter((name) => !merged.has(name))
      .flatMap((name) => listProblems(join(folder, name))),
  ];

  function problem(path: string, expected: string, got: string): Problem {
    return { file: join(registry.folder, path), expected, got, hint };
  }
};

/** Whether each lock of a release is there, as its list says. */
function listProblems(folder: string): Problem[] {
  const problems: Problem[] = [];
  const release = readDocument("release", join(folder, "release.json"), problems);
  for (const { id, version, lock } of release?.versions ?? []) {
    const file = join(folder, "locks", id, `${version}.json`);
    const got = existsSync(file) ? sha256(readFileSync(file)) : "nothing";
    if (got !== lock) problems.push({ file, expected: `${lock}, as release.json says`, got });
  }
  return problems;
}

function releaseOf(path: string): string {
  return path.split("/")[1] ?? "";
}
