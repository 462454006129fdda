import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../files.ts";
import { root } from "../home.ts";
import { run } from "../process.ts";

/**
 * Builds the site from a catalog folder into `out`, the static API beside the pages. `address` is
 * where it will be served; by default the one that registry.json names.
 */
export async function site(catalog: string, out: string, address?: string): Promise<void> {
  const astro = join(root, "node_modules", "astro", "bin", "astro.mjs");
  mkdirSync(join(root, ".modelhub"), { recursive: true });
  // Astro runs what it bundled from its output folder, so that has to lie where our packages are found.
  const built = mkdtempSync(join(root, ".modelhub", "site-"));
  try {
    await run(process.execPath, [astro, "build", "--root", join(root, "site")], {
      about: "site",
      cwd: join(root, "site"),
      env: {
        MODELHUB_CATALOG: catalog,
        MODELHUB_SITE_OUT: built,
        ...(address && { MODELHUB_SITE: address }),
        ASTRO_TELEMETRY_DISABLED: "1",
      },
    });
    cpSync(join(catalog, "api"), join(built, "api"), { recursive: true });
    await makeFolder(out, async (aside) => cpSync(built, aside, { recursive: true }), {
      replace: true,
    });
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}
