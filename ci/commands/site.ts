import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "../files.ts";
import { root } from "../home.ts";
import { netronFolder } from "../netron.ts";
import { linkFolder, moveFolder } from "../place-folder.ts";
import { run } from "../process.ts";

/**
 * Builds the site from a catalog folder into `out`, the static API beside the pages. `address` is
 * where it will be served; by default the one that registry.json names.
 */
export async function site(catalog: string, out: string, address?: string): Promise<void> {
  const astro = join(root, "node_modules", "astro", "bin", "astro.mjs");
  mkdirSync(join(root, ".modelhub"), { recursive: true });
  // Astro runs what it bundled from its output folder, so that has to lie where our packages are found,
  // and below the working folder: else it runs from site/.astro, where two builds meet.
  const built = mkdtempSync(join(root, ".modelhub", "site-"));
  const netron = await netronFolder();
  try {
    await run(process.execPath, [astro, "build", "--root", join(root, "site")], {
      about: "site",
      cwd: root,
      env: {
        MODELHUB_CATALOG: resolve(catalog),
        MODELHUB_SITE_OUT: built,
        ...(address && { MODELHUB_SITE: address }),
        ...(netron && { MODELHUB_NETRON: netron }),
        ASTRO_TELEMETRY_DISABLED: "1",
      },
    });
    const fill = async (aside: string) => {
      moveFolder(built, aside);
      linkFolder(join(catalog, "api"), join(aside, "api"));
      if (netron) cpSync(netron, join(aside, "netron"), { recursive: true });
    };
    await makeFolder(out, fill, { replace: true });
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}
