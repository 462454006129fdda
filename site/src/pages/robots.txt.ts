import type { APIRoute } from "astro";
import { registry } from "../catalog.ts";

/** Everything may be read; the sitemap says what there is. Cards are parts of other people's pages. */
export const GET: APIRoute = () =>
  new Response(
    `User-agent: *\nAllow: /\nDisallow: /api/v1/cards/\n\nSitemap: ${registry.site}sitemap.xml\n`,
    { headers: { "Content-Type": "text/plain" } },
  );
