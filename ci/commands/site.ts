import { cpSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { withAside } from "../aside.ts";
import { ContributionError } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { root } from "../home.ts";
import { netronFolder } from "../netron.ts";
import { linkFolder, moveFolder, requireReplaceable } from "../place-folder.ts";
import { run } from "../process.ts";
import { shownPath } from "../registry.ts";

/** What builds the pages from the folder that MODELHUB_CATALOG names into the one of MODELHUB_SITE_OUT. */
export const astroBuild = {
  command: [
    process.execPath,
    // Most of what is made to draw a page is soon done with: collected later, less of it is copied.
    "--max-semi-space-size=64",
    join(root, "node_modules", "astro", "bin", "astro.mjs"),
    "build",
    "--root",
    join(root, "site"),
  ],
  env: {
    ASTRO_TELEMETRY_DISABLED: "1",
    // Node would keep compiled code in a temporary folder of our own, where no other build finds it.
    NODE_DISABLE_COMPILE_CACHE: "1",
  },
};

/**
 * Builds the site from a catalog folder into `out`, the static API beside the pages. `address` is
 * where it will be served; by default the one that registry.json names.
 */
export async function site(catalog: string, out: string, address?: string): Promise<void> {
  requireCatalog(catalog);
  requireReplaceable(out);
  const netron = await netronFolder();
  // Astro runs what it bundled from its output folder, so that has to lie where our packages are found,
  // and below the working folder: else it runs from site/.astro, where two builds meet.
  await withAside(join(root, ".modelhub", "site"), async (built) => {
    const [program = "", ...args] = astroBuild.command;
    await run(program, args, {
      about: "site",
      cwd: root,
      env: {
        MODELHUB_CATALOG: resolve(catalog),
        MODELHUB_SITE_OUT: built,
        ...(address && { MODELHUB_SITE: address }),
        ...(netron && { MODELHUB_NETRON: netron }),
        ...astroBuild.env,
      },
    });
    const fill = async (aside: string) => {
      moveFolder(built, aside);
      linkFolder(join(catalog, "api"), join(aside, "api"));
      if (netron) cpSync(netron, join(aside, "netron"), { recursive: true });
    };
    await makeFolder(out, fill, { replace: true });
  });
}

function requireCatalog(folder: string): void {
  if (existsSync(join(folder, "api", "v1", "models.json"))) return;
  throw new ContributionError({
    file: shownPath(folder),
    expected: "a catalog with api/v1/models.json",
    got: existsSync(folder) ? "another folder" : "nothing",
    hint: "`npx modelhub catalog` writes one; ./scripts/demo does all of it",
  });
}
