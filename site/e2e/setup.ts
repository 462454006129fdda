import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSite } from "./build.ts";
import { serve } from "./serve.ts";
import { buildTrySite } from "./try-catalog.ts";

const address = "https://example.org/modelhub/";

/** Builds and serves the sites once for all tests, below a base path as GitHub Pages does. */
export default async function setup(): Promise<() => Promise<void>> {
  const tryFolder = mkdtempSync(join(tmpdir(), "modelhub-try-"));
  const [folder, { models, pages }] = await Promise.all([
    buildSite(address),
    buildTrySite(tryFolder, address),
  ]);
  const site = await serve(folder, "/modelhub/");
  process.env["MODELHUB_E2E_URL"] = site.url;
  process.env["MODELHUB_E2E_FOLDER"] = folder;
  const trySite = await serve(pages, "/modelhub/");
  process.env["MODELHUB_E2E_TRY_URL"] = trySite.url;
  process.env["MODELHUB_E2E_TRY_MODELS"] = models;
  return async () => {
    await Promise.all([site.close(), trySite.close()]);
    for (const one of [folder, tryFolder]) rmSync(one, { recursive: true });
  };
}
