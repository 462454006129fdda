import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Catalog, CatalogVersion } from "#schema/catalog.ts";
import { card } from "../catalog/card.ts";
import { registrationDates } from "../catalog/dates.ts";
import { newest, writeVersions } from "../catalog/versions.ts";
import { writeApi } from "../catalog/write-api.ts";
import { ContributionError } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { readRegistry } from "../registry.ts";
import type { Workspace } from "../workspace.ts";

/** Writes the static API into `folder`, from the registry's files and the records that its locks name. */
export async function catalog(at: Workspace, folder: string): Promise<Catalog> {
  const { instance, entries, problems } = readRegistry(at.registry);
  if (!instance || problems.length > 0) throw new ContributionError(problems);
  const dates = registrationDates(at.registry);
  const all: CatalogVersion[][] = [];
  const list: Catalog = { schemaVersion: "1", registry: instance, models: [] };
  await makeFolder(
    folder,
    async (aside) => {
      const api = join(aside, "api", "v1");
      mkdirSync(join(api, "models"), { recursive: true });
      for (const versions of Map.groupBy(entries, ({ id }) => id).values()) {
        all.push(await writeVersions(versions, { instance, dates, api }));
      }
      // A model whose every version was withdrawn keeps its pages and leaves the list.
      list.models = all
        .map(newest)
        .filter(({ yanked }) => !yanked)
        .map(card)
        .sort((a, b) => a.title.localeCompare(b.title, "en"));
      writeApi(list, all.flat(), api);
    },
    { replace: true },
  );
  return list;
}
