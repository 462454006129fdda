import { cpSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../files.ts";
import { root } from "../home.ts";
import { run } from "../process.ts";

/** Builds the site from a catalog folder into `out`, the static API beside the pages. */
export async function site(catalog: string, out: string): Promise<void> {
  const astro = join(root, "node_modules", "astro", "bin", "astro.mjs");
  await makeFolder(
    out,
    async (aside) => {
      await run(process.execPath, [astro, "build", "--root", join(root, "site")], {
        about: "site",
        env: {
          MODELHUB_CATALOG: catalog,
          MODELHUB_SITE_OUT: aside,
          ASTRO_TELEMETRY_DISABLED: "1",
        },
      });
      cpSync(join(catalog, "api"), join(aside, "api"), { recursive: true });
    },
    { replace: true },
  );
}
