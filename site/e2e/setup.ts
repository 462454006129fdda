import { rmSync } from "node:fs";
import { buildSite } from "./build.ts";
import { serve } from "./serve.ts";

/** Builds and serves the site once for all tests, below a base path as GitHub Pages does. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await buildSite("https://example.org/modelhub/");
  const site = await serve(folder, "/modelhub/");
  process.env["MODELHUB_E2E_URL"] = site.url;
  process.env["MODELHUB_E2E_FOLDER"] = folder;
  return async () => {
    await site.close();
    rmSync(folder, { recursive: true });
  };
}
