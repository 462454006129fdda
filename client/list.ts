import { readRegistry } from "#ci/registry.ts";
import type { Workspace } from "#ci/workspace.ts";

export interface Line {
  id: string;
  version: string;
  title: string;
  image: string;
  /** The command to type. */
  run: string;
}

/** What to type to run each built model on a file of one's own. */
export async function list(ids: readonly string[], at: Workspace): Promise<Line[]> {
  return readRegistry(at.registry).entries.flatMap(({ id, version, model, lock }) => {
    if (!lock || (ids.length > 0 && !ids.includes(id))) return [];
    const image = `${lock.image.name}@${lock.image.digest}`;
    const run = `docker run --rm -i ${image} predict - < FILE`;
    return [{ id, version, title: model.title, image, run }];
  });
}
