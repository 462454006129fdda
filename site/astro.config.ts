import { resolve } from "node:path";
import { defineConfig } from "astro/config";
import { readCatalog } from "./src/read-catalog.ts";

// MODELHUB_SITE serves the same catalog from another address, such as a preview.
const folder = process.env["MODELHUB_CATALOG"];
const address = process.env["MODELHUB_SITE"] ?? (folder && readCatalog(folder).registry.site);
const url = new URL(address ?? "http://localhost/");

export default defineConfig({
  site: url.origin,
  base: url.pathname,
  outDir: resolve(process.env["MODELHUB_SITE_OUT"] ?? "site/dist"),
  trailingSlash: "always",
  build: { inlineStylesheets: "never" },
  devToolbar: { enabled: false },
  vite: { worker: { format: "es" } },
  security: {
    csp: {
      directives: [
        "default-src 'none'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
      ],
    },
  },
});
