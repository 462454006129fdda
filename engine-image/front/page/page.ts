import { readFileSync } from "node:fs";

/**
 * The page's HTML. The bundle holds it as text (esbuild's loader for .html); the sources, which
 * Node runs as they are, read it from the file beside this one.
 */
export const page: string = import.meta.url.endsWith(".ts")
  ? readFileSync(new URL("index.html", import.meta.url), "utf8")
  : (await import("./index.html")).default;
