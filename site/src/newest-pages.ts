import { linkSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import type { Catalog, CatalogVersion } from "#schema/catalog.ts";

/** A model's own address shows its newest version. It is the same page, so it is drawn once and linked. */
export function newestPages(catalog: string): AstroIntegration {
  const api = join(catalog, "api/v1");
  return {
    name: "newest-pages",
    hooks: {
      "astro:build:done": ({ dir }) => {
        const { models }: Catalog = readJson(join(api, "models.json"));
        const newest = new Map(models.map(({ id, version }) => [id, version]));
        for (const file of readdirSync(join(api, "models"))) {
          if (!file.endsWith(".json")) continue;
          const id = file.slice(0, -".json".length);
          // The list leaves a model out whose every version is yanked.
          const version = newest.get(id) ?? versionIn(join(api, "models", file));
          const folder = join(fileURLToPath(dir), "models", id);
          linkSync(join(folder, version, "index.html"), join(folder, "index.html"));
        }
      },
    },
  };
}

function versionIn(file: string): string {
  const { version }: CatalogVersion = readJson(file);
  return version;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}
