import { newest } from "#ci/catalog/versions.ts";
import type { Catalog, CatalogCard, CatalogVersion } from "#schema/catalog.ts";
import { plural, words } from "#viewers/format.ts";
import { contentPolicy } from "../../src/content-policy.ts";
import { cardFacts } from "../../src/format.ts";
import { groupBy } from "../../src/groups.ts";
import { readCatalog, readVersions } from "../../src/read-catalog.ts";
import { type ModelView, modelView } from "./model-view.ts";

/**
 * What the pages of the other generators show: all that ours do, element by element, so that the same
 * work is compared. Figures, plots and citations come from the functions that our own pages use.
 */
export type View = { url: string; canonical: string; policy: string } & (ModelView | ListView);

interface ListView {
  title: string;
  heading: string;
  summary: string;
  overline?: { text: string; href: string }[];
  count: string;
  cards: { title: string; url: string; summary: string; facts: string[] }[];
}

/** All views of the catalog in a folder. */
export function viewsOf(folder: string): View[] {
  const catalog = readCatalog(folder);
  const models = [...readVersions(folder).values()];
  return [
    ...models.flatMap((versions) => modelViews(versions, catalog, folder)),
    ...listViews(catalog),
  ];
}

/** The newest version is at two addresses, its own and the model's, as on our site. */
function modelViews(versions: CatalogVersion[], { registry }: Catalog, folder: string): View[] {
  return versions.flatMap((version) => {
    const { id, built } = version;
    if (!built) return [];
    const own = `/models/${id}/${version.version}/`;
    const isNewest = version === newest(versions);
    const canonical = isNewest ? `/models/${id}/` : own;
    const view = modelView(version, built, registry, folder);
    return [own, ...(isNewest ? [canonical] : [])].map((url) => ({ url, canonical, ...view }));
  });
}

const perPage = 100;

/** Every list that grows with the registry: all models by the page, tasks and people. */
function listViews({ models }: Catalog): View[] {
  const pages = Math.ceil(models.length / perPage);
  const all = Array.from({ length: pages }, (_, at) => ({
    url: at === 0 ? "/all/" : `/all/${at + 1}/`,
    title: at === 0 ? "All models" : `All models, page ${at + 1}`,
    heading: "All models",
    count: plural(models.length, "model"),
    cards: models.slice(at * perPage, (at + 1) * perPage),
  }));
  const tasks = groupBy(models, ({ task }) => (task ? [words(task)] : []));
  const people = groupBy(models, ({ authors }) => authors);
  const groups = [
    ...tasks.map((group) => ({ ...group, parent: { text: "Tasks", href: "/tasks/" } })),
    ...people.map((group) => ({ ...group, parent: { text: "People", href: "/people/" } })),
  ].map(({ parent, slug, name, cards }) => ({
    url: `${parent.href}${slug}/`,
    title: name,
    heading: name,
    overline: [parent],
    count: plural(cards.length, "model"),
    cards: cards.slice(0, 500),
  }));
  const policy = contentPolicy();
  return [...all, ...groups].map((list) => ({
    ...list,
    canonical: list.url,
    policy,
    summary: `Models: ${list.title}.`,
    cards: list.cards.map(cardOf),
  }));
}

const cardOf = (card: CatalogCard) => ({
  title: card.title,
  url: `/models/${card.id}/`,
  summary: card.summary,
  facts: [...(card.task ? [words(card.task)] : []), ...cardFacts(card)],
});
