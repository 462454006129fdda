import type { APIRoute } from "astro";
import { catalog, pages, registry } from "../catalog.ts";
import { groupBy } from "../groups.ts";

/** Every page that search engines may show; what was withdrawn stays out. */
export const GET: APIRoute = () => {
  const groups = [
    ...groupBy(catalog.models, ({ task }) => (task ? [task] : [])).map(
      ({ slug }) => `tasks/${slug}/`,
    ),
    ...groupBy(catalog.models, ({ authors }) => authors).map(({ slug }) => `people/${slug}/`),
  ];
  const models = pages
    .filter(({ model }) => model.yanked === undefined)
    .flatMap(({ model: { id, version }, newest }) => [
      ...(version === newest ? [`models/${id}/`] : []),
      `models/${id}/${version}/`,
    ]);
  const addresses = ["", "all/", "tasks/", "people/", ...groups, ...models];
  const entries = addresses.map(
    (path) => `<url><loc>${registry.site}${encodeURI(path)}</loc></url>`,
  );
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join("\n")}\n</urlset>\n`,
    { headers: { "Content-Type": "application/xml" } },
  );
};
