import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import { newestFirst, readTests } from "../history.ts";
import { mediaTypeOf } from "../media-type.ts";
import { fetchRecord } from "../records.ts";
import { compareVersions, type Entry } from "../registry.ts";
import { readScan } from "../scan/read.ts";
import { offerToBrowsers } from "./browser.ts";

/** The versions of one model, newest first; the files that their pages show are copied to the API. */
export async function gatherVersions(
  entries: Entry[],
  { instance, dates, api }: { instance: Instance; dates: Map<string, string>; api: string },
): Promise<CatalogVersion[]> {
  const ordered = entries.toSorted((a, b) => compareVersions(b.version, a.version));
  const versions = ordered.map(({ version }) => version);
  const pages: CatalogVersion[] = [];
  for (const entry of ordered) {
    const { id, version, model, source, lock } = entry;
    const yanked = (model.removed?.[version] ?? model.yanked?.[version])?.reason;
    const published = dates.get(`${id}/${version}`);
    const page: CatalogVersion = {
      id,
      version,
      entry: model,
      source,
      versions,
      ...(yanked && { yanked }),
      ...(published && { published }),
      ...(lock && { built: await readBuilt(lock, entry, { instance, api }) }),
    };
    pages.push(page);
  }
  return pages;
}

/** The version that people get who name none: the newest that is neither yanked nor waiting. */
export function newest(pages: readonly CatalogVersion[]): CatalogVersion {
  const page =
    pages.find(({ built, yanked }) => built && !yanked) ??
    pages.find(({ yanked }) => !yanked) ??
    pages[0];
  if (!page) throw new Error("a model has at least one version");
  return page;
}

async function readBuilt(
  lock: Lock,
  entry: Entry,
  { instance, api }: { instance: Instance; api: string },
): Promise<NonNullable<CatalogVersion["built"]>> {
  const { name, digest } = lock.image;
  const place = `models/${lock.id}/${lock.version}`;
  const copy = (from: string, to: string) => {
    mkdirSync(dirname(join(api, to)), { recursive: true });
    copyFileSync(from, join(api, to));
  };
  const fetched = await fetchRecord(name, lock.record);
  const { folder } = fetched;
  // What the record says of tests before it stands among those after it.
  const { earlier = [], ...record } = fetched.record;
  const history = newestFirst([...readTests(entry.files.tests), ...earlier]);
  const samples = record.config.samples.map((sample): CatalogSample => {
    const inputs = Object.entries(sample.inputs).map(([id, path]) => {
      const file = `${place}/${path}`;
      copy(join(folder, path), file);
      const kind = record.config.inputs.find((input) => input.id === id)?.kind ?? "array";
      return {
        id,
        kind,
        mediaType: mediaTypeOf(path),
        file,
        bytes: statSync(join(api, file)).size,
      };
    });
    const result = record.reports[0]?.samples.find(({ id }) => id === sample.id);
    return {
      id: sample.id,
      title: sample.title,
      ...(sample.credit && { credit: sample.credit }),
      inputs,
      outputs: result?.outputs ?? [],
      passed: result?.passed ?? false,
    };
  });
  const { source } = entry;
  const browser = await offerToBrowsers(record, { source, lock, instance, place }, copy);
  const scan = readScan(entry);
  return {
    ...{ lock: shownLock(lock), record, image: `${name}@${digest}`, samples },
    ...(browser && { browser }),
    ...(history.length > 0 && { history }),
    ...(scan && { scan }),
  };
}

/** The lock without what serves engine releases alone, which is most of it. */
function shownLock({ image: { added: _, ...image }, variants, ...lock }: Lock): Lock {
  if (!variants) return { ...lock, image };
  const shown = Object.entries(variants).map(([name, { added: _, ...variant }]) => [name, variant]);
  return { ...lock, image, variants: Object.fromEntries(shown) };
}
