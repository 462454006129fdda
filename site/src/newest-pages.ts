import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";

/** A model's own address shows its newest version. It is the same page, so it is drawn once and copied. */
export function newestPages(catalog: string): AstroIntegration {
  const models = join(catalog, "api/v1/models");
  return {
    name: "newest-pages",
    hooks: {
      "astro:build:done": ({ dir }) => {
        for (const file of readdirSync(models).filter((name) => name.endsWith(".json"))) {
          const { id, version } = JSON.parse(readFileSync(join(models, file), "utf8"));
          const folder = join(fileURLToPath(dir), "models", id);
          copyFileSync(join(folder, version, "index.html"), join(folder, "index.html"));
        }
      },
    },
  };
}
