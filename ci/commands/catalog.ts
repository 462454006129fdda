import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "#schema/catalog.ts";
import { readBenchmarks } from "../benchmarks/read.ts";
import { card } from "../catalog/card.ts";
import { type Curated, writeCurated } from "../catalog/curated.ts";
import { registrationDates } from "../catalog/dates.ts";
import { gatherVersions, newest } from "../catalog/versions.ts";
import { writeApi } from "../catalog/write-api.ts";
import { readCollections } from "../collections.ts";
import { ContributionError } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { requireReplaceable } from "../place-folder.ts";
import type { Problem } from "../problems.ts";
import { type Registry, readDocument, readRegistry } from "../registry.ts";
import { inTurns } from "../turns.ts";
import type { Workspace } from "../workspace.ts";

/**
 * Writes the static API into `folder`, from the registry's files and the records that its locks name;
 * `queue` is what the verb of that name wrote.
 */
export async function catalog(at: Workspace, folder: string, queue?: string): Promise<Catalog> {
  requireReplaceable(folder);
  const registry = readRegistry(at.registry);
  const { instance, entries } = registry;
  const { problems, ...curated } = readCurated(registry, queue);
  if (!instance || problems.length > 0) throw new ContributionError(problems);
  const dates = registrationDates(at.registry);
  const list: Catalog = { schemaVersion: "1", registry: instance, models: [] };
  await makeFolder(
    folder,
    async (aside) => {
      const api = join(aside, "api", "v1");
      const models = [...Map.groupBy(entries, ({ id }) => id).values()];
      // A record and its samples take more waiting for the OCI registry than work.
      const all = await inTurns(models, 8, (versions) =>
        gatherVersions(versions, { instance, dates, api }),
      );
      // A model whose every version was yanked keeps its pages and leaves the list.
      list.models = all
        .map(newest)
        .filter(({ yanked }) => !yanked)
        .map(card)
        .sort((a, b) => a.title.localeCompare(b.title, "en"));
      writeApi(list, all.flat(), api);
      writeCurated(curated, all.map(newest), api);
    },
    { replace: true },
  );
  return list;
}

function readCurated(registry: Registry, queueFile?: string): Curated & { problems: Problem[] } {
  const { benchmarks, problems: ofBenchmarks } = readBenchmarks(registry);
  const { collections, problems: ofCollections } = readCollections(registry);
  const problems = [...registry.problems, ...ofBenchmarks, ...ofCollections];
  // Whoever could not ask for the open pull requests has no file, and the page says so.
  const isKnown = queueFile !== undefined && existsSync(queueFile);
  const queue = isKnown ? readDocument("queue", queueFile, problems) : undefined;
  return { benchmarks, collections, queue, problems };
}
