import type { APIRoute } from "astro";
import { pages, registry } from "../catalog.ts";
import { people, tasks } from "../catalog-groups.ts";
import { benchmarks, collections } from "../curated.ts";
import { guides } from "../docs/guides.ts";
import { documentPages, otherPages } from "../docs/reference.ts";

const lists = [
  ...["", "all/", "tasks/", "people/", "publications/", "benchmarks/", "collections/"],
  ...["queue/", "compare/", "trends/", "docs/"],
];

/** Every page that search engines may show; what was yanked stays out. */
export const GET: APIRoute = () => {
  const groups = [
    ...tasks.map(({ slug }) => `tasks/${slug}/`),
    ...people.map(({ slug }) => `people/${slug}/`),
  ];
  const curated = [
    ...guides.map(({ slug }) => `docs/${slug}/`),
    ...otherPages.map(({ slug }) => `docs/reference/${slug}/`),
    ...documentPages.map(({ name }) => `docs/reference/${name}/`),
    ...benchmarks.map(({ id }) => `benchmarks/${id}/`),
    ...collections.map(({ id }) => `collections/${id}/`),
  ];
  const models = pages
    .filter(({ model }) => model.yanked === undefined)
    .flatMap(({ model: { id, version }, newest }) => [
      ...(version === newest ? [`models/${id}/`] : []),
      `models/${id}/${version}/`,
    ]);
  const addresses = [...lists, ...groups, ...curated, ...models];
  const entries = addresses.map(
    (path) => `<url><loc>${registry.site}${encodeURI(path)}</loc></url>`,
  );
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join("\n")}\n</urlset>\n`,
    { headers: { "Content-Type": "application/xml" } },
  );
};
