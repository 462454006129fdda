import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";

/**
 * Writes the pages of which there are thousands as soon as they are drawn. Astro waits for other threads
 * four times to write a page: a fifth of what a large build costs. A page that says its Content-Location
 * is put there too.
 */
export function pageFiles(): AstroIntegration {
  let fileOf: (path: string) => string;
  return {
    name: "page-files",
    hooks: {
      "astro:config:done": ({ config: { base, outDir } }) => {
        const below = base.replace(/\/?$/, "/").length;
        fileOf = (path) => fileURLToPath(new URL(`${path.slice(below)}index.html`, outDir));
      },
      "astro:build:start": ({ setPrerenderer }) => {
        setPrerenderer((astro) => ({
          ...astro,
          name: "page-files",
          async render(request, options) {
            const rendered = await astro.render(request, options);
            const response = rendered instanceof Response ? rendered : rendered.response;
            const { type, params } = options.routeData;
            if (type !== "page" || params.length === 0 || !response.ok) return rendered;
            const file = fileOf(new URL(request.url).pathname);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
            const second = response.headers.get("content-location");
            if (second) linkSync(file, fileOf(second));
            // Of an empty page Astro makes no file.
            return new Response(null);
          },
        }));
      },
    },
  };
}
