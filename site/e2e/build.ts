import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { site } from "#ci/commands/site.ts";
import type { Sketch } from "./catalog/sketches.ts";
import { writeCatalog } from "./catalog.ts";

/** Builds a catalog, the test's own by default, for an address; the folder that comes back holds pages and API. */
export async function buildSite(address: string, sketches?: readonly Sketch[]): Promise<string> {
  const catalog = mkdtempSync(join(tmpdir(), "modelhub-catalog-"));
  const folder = mkdtempSync(join(tmpdir(), "modelhub-site-"));
  writeCatalog(catalog, sketches);
  await site(catalog, folder, address);
  rmSync(catalog, { recursive: true });
  return folder;
}
