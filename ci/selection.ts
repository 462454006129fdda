import { existsSync } from "node:fs";
import { join } from "node:path";
import { configFile, noContribution } from "./contribution.ts";
import type { Problem } from "./problems.ts";
import { type Entry, nameOf, type Registry, unknownEntry } from "./registry.ts";

/** What is to be checked of a registry. */
interface Selection {
  entries: Entry[];
  /** Names that no entry has. */
  problems: Problem[];
  /** Whether a file belongs to one of the entries' models. */
  covers: (file: string) => boolean;
}

/** The entries of the given names, such as `squeeze-net` or `squeeze-net@1.0.0`; all when none is named. */
export function selectEntries(registry: Registry, names: readonly string[]): Selection {
  const { entries, ids, folder } = registry;
  if (names.length === 0) return { entries, problems: [], covers: () => true };
  const problems: Problem[] = [];
  const found = new Set<string>();
  const files: string[] = [join(folder, "registry.json")];
  for (const name of names) {
    const [id = "", version] = name.split("@");
    const versions = (ids.get(id) ?? []).filter((one) => version === undefined || one === version);
    const isThere = version === undefined ? ids.has(id) : versions.length > 0;
    if (!isThere) problems.push(unknownName(registry, name));
    else if (version === undefined) files.push(join(folder, "models", id));
    else files.push(join(folder, "models", id, version), join(folder, "models", id, "model.json"));
    for (const one of versions) found.add(nameOf({ id, version: one }));
  }
  return {
    entries: entries.filter((entry) => found.has(nameOf(entry))),
    problems,
    covers: (file) =>
      files.some(
        (path) => file === path || file.startsWith(`${path}/`) || path.startsWith(`${file}/`),
      ),
  };
}

function unknownName({ ids, folder }: Registry, name: string): Problem {
  if (name.includes("/") || existsSync(name)) return noContribution(name);
  const known = [...ids].flatMap(([id, versions]) => versions.map((version) => ({ id, version })));
  const expected = `an id of this registry, or a folder with ${configFile}`;
  return unknownEntry(name, known, { file: join(folder, "models"), expected });
}
