import { resolve } from "node:path";
import { defineConfig } from "astro/config";
import { pageFiles } from "./src/page-files.ts";
import { readCatalog } from "./src/read-catalog.ts";
import { runtimeFiles } from "./src/runtime-files.ts";

// MODELHUB_SITE serves the same catalog from another address, such as a preview.
const folder = process.env["MODELHUB_CATALOG"];
const address = process.env["MODELHUB_SITE"] ?? (folder && readCatalog(folder).registry.site);
// Guides and commands are read from the repository, and pages are built from a folder of their own.
process.env["MODELHUB_CHECKOUT"] = resolve(import.meta.dirname, "..");
const url = new URL(address ?? "http://localhost/");

export default defineConfig({
  site: url.origin,
  base: url.pathname,
  outDir: resolve(process.env["MODELHUB_SITE_OUT"] ?? "site/dist"),
  trailingSlash: "always",
  build: { inlineStylesheets: "never" },
  devToolbar: { enabled: false },
  // Whoever shortens an address by hand comes to the list of what was below it.
  redirects: {
    "/models": `${url.pathname}all/`,
    "/docs/reference": `${url.pathname}docs/#reference`,
    "/api": `${url.pathname}docs/reference/api/`,
    "/api/v1": `${url.pathname}docs/reference/api/`,
  },
  integrations: [pageFiles(), runtimeFiles()],
  vite: {
    worker: { format: "es" },
    // A script that stands in its page would be refused by the page's own policy.
    build: { assetsInlineLimit: 0 },
  },
});
