import { existsSync } from "node:fs";
import { join } from "node:path";
import { ContributionError } from "#ci/errors.ts";
import { root } from "#ci/home.ts";
import { isOffered, isOneOf, readRegistry, requireNamed } from "#ci/registry.ts";
import type { Workspace } from "#ci/workspace.ts";

export interface Line {
  id: string;
  version: string;
  title: string;
  image: string;
  /** The command to type. */
  run: string;
}

/**
 * What to type to run each built model on a file of one's own: of all that are offered, or of those
 * named, such as `squeeze-net` or `squeeze-net@1.0.0`. Throws for a name that no entry has.
 */
export function list(names: readonly string[], at: Workspace): Line[] {
  const { instance, entries, problems } = readRegistry(at.registry);
  if (!instance) throw new ContributionError(problems);
  requireNamed(names, entries);
  return entries.flatMap((entry) => {
    const { id, version, model, lock } = entry;
    const isWanted = names.length > 0 ? isOneOf(names, entry) : isOffered(entry);
    if (!lock || !isWanted) return [];
    const image = `${lock.image.name}@${lock.image.digest}`;
    const run = `docker run --rm -i ${image} predict - < FILE`;
    return [{ id, version, title: model.title, image, run }];
  });
}

/** The registry that `scripts/demo` filled on this machine, if it did. */
export function builtHere(): string | undefined {
  const folder = join(root, ".modelhub", "registry");
  return existsSync(join(folder, "registry.json")) ? folder : undefined;
}
