import { execFile } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeCatalog } from "./catalog.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const astro = join(
  dirname(createRequire(import.meta.url).resolve("astro/package.json")),
  "bin/astro.mjs",
);

/** Builds the test catalog for an address; the folder that comes back holds pages and API. */
export async function buildSite(address: string): Promise<string> {
  const catalog = mkdtempSync(join(tmpdir(), "modelhub-catalog-"));
  const folder = mkdtempSync(join(tmpdir(), "modelhub-site-"));
  writeCatalog(catalog);
  await promisify(execFile)(process.execPath, [astro, "build", "--root", "site", "--silent"], {
    cwd: root,
    env: {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: "1",
      MODELHUB_CATALOG: catalog,
      MODELHUB_SITE: address,
      MODELHUB_SITE_OUT: folder,
    },
  });
  cpSync(join(catalog, "api"), join(folder, "api"), { recursive: true });
  return folder;
}
