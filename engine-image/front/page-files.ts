import { readFile } from "node:fs/promises";

/** The files of the engine's pages: the try-it page as one file, and the API's description. */
export const pageFiles = [
  "index.html",
  "docs.html",
  "swagger-ui-bundle.js",
  "swagger-ui.css",
] as const;

export type PageFile = (typeof pageFiles)[number];

/**
 * Read a page's file. In an image it lies beside front.mjs; the sources, which Node runs as they
 * are, make it. Either way nothing of it stays in memory.
 */
export async function readPageFile(name: PageFile): Promise<string> {
  if (!import.meta.url.endsWith(".ts"))
    return readFile(new URL(`pages/${name}`, import.meta.url), "utf8");
  // An address that esbuild can't follow: it and what it needs stay out of the bundle.
  const { makePageFile } = await import(new URL("bundle.ts", import.meta.url).href);
  return makePageFile(name);
}
