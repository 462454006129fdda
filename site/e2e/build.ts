import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { site } from "#ci/commands/site.ts";
import { writeCatalog } from "./catalog.ts";

/** Builds the test catalog for an address; the folder that comes back holds pages and API. */
export async function buildSite(address: string): Promise<string> {
  const catalog = mkdtempSync(join(tmpdir(), "modelhub-catalog-"));
  const folder = mkdtempSync(join(tmpdir(), "modelhub-site-"));
  writeCatalog(catalog);
  await site(catalog, folder, address);
  rmSync(catalog, { recursive: true });
  return folder;
}
