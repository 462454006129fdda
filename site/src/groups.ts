import type { CatalogCard } from "#schema/catalog.ts";

/** Models that have something in common, under an address of their own. */
export interface Group {
  slug: string;
  name: string;
  cards: CatalogCard[];
}

/** Models by what `namesOf` says of each, by name. Names that differ only in case or accents are one. */
export function groupBy(
  cards: readonly CatalogCard[],
  namesOf: (card: CatalogCard) => readonly string[],
): Group[] {
  const groups = new Map<string, Group>();
  for (const card of cards) {
    for (const name of namesOf(card)) {
      const slug = slugOf(name);
      const group = groups.get(slug) ?? { slug, name, cards: [] };
      if (group.cards.at(-1) !== card) group.cards.push(card);
      groups.set(slug, group);
    }
  }
  return [...groups.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** A name as a part of an address. Letters of every script stay, so no two names fall together. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "") || "unnamed";
