import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroConfig, AstroIntegration, AstroPrerenderer } from "astro";

/**
 * Draws and writes the pages of which there are thousands. Astro does more for each than these pages
 * need, and waits for other threads four times to write one: a fifth of what a large build costs.
 * A page that says its Content-Location is put there too.
 */
export function pageFiles(): AstroIntegration {
  let config: AstroConfig;
  return {
    name: "page-files",
    hooks: {
      "astro:config:done": (done) => {
        config = done.config;
      },
      "astro:build:start": ({ setPrerenderer, logger }) => {
        setPrerenderer((astro) => ({
          ...astro,
          name: "page-files",
          async getStaticPaths() {
            const paths = await astro.getStaticPaths();
            const { many = [], few = [] } = Object.groupBy(paths, ({ route }) =>
              route.type === "page" && route.params.length > 0 ? "many" : "few",
            );
            for (const path of many) {
              await writePage(path, astro, config).catch((error) => {
                logger.error(`the page ${path.pathname} can't be written`);
                throw error;
              });
            }
            logger.info(`${many.length} pages are written, Astro writes ${few.length} more`);
            return few;
          },
        }));
      },
    },
  };
}

type Path = Awaited<ReturnType<AstroPrerenderer["getStaticPaths"]>>[number];

async function writePage(
  { pathname, route }: Path,
  astro: AstroPrerenderer,
  { base, outDir, site }: AstroConfig,
): Promise<void> {
  const above = base.replace(/\/$/, "");
  const fileOf = (path: string) => join(fileURLToPath(outDir), path, "index.html");
  const url = new URL(`${above}${pathname.replace(/\/?$/, "/")}`, site);
  const rendered = await astro.render(new Request(url), { routeData: route });
  const response = rendered instanceof Response ? rendered : rendered.response;
  if (!response.ok) throw new Error(`expected a page at ${pathname}, got ${response.status}`);
  const file = fileOf(pathname);
  mkdirSync(dirname(file), { recursive: true });
  // Two routes that make the same page are a fault: the second would hide the first.
  writeFileSync(file, await response.bytes(), { flag: "wx" });
  const second = response.headers.get("content-location");
  if (second) linkSync(file, fileOf(second.slice(above.length)));
}
