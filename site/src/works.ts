import type { Publication } from "#schema/config.ts";
import type { VersionPage } from "./catalog.ts";

/** A publication with the models that name it. */
export interface Work {
  publication: Publication;
  models: { id: string; title: string }[];
}

/** Every publication once, newest first: by DOI, arXiv identifier, or title. */
export function worksOf(pages: readonly VersionPage[]): Work[] {
  const works = new Map<string, Work>();
  for (const { model, card } of pages) {
    if (!card) continue;
    for (const publication of model.built?.record.config.publications ?? []) {
      const key = keyOf(publication);
      const work = works.get(key) ?? { publication, models: [] };
      const { id, title } = card;
      if (work.models.at(-1)?.id !== id) work.models.push({ id, title });
      works.set(key, work);
    }
  }
  return [...works.values()].sort(
    (a, b) =>
      (b.publication.year ?? 0) - (a.publication.year ?? 0) ||
      a.publication.title.localeCompare(b.publication.title, "en"),
  );
}

function keyOf({ doi, arxiv, title }: Publication): string {
  return (doi ?? arxiv?.replace(/v\d+$/, "") ?? title).toLowerCase();
}
