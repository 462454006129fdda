import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// Compressed bytes that others make a reader fetch, measured on their sites in 2026: OpenTofu's registry
// before any data, and MONAI's model zoo without its libraries.
const openTofu = 432_000;
const monai = 203_000;
// Pagefind's, over the same thousand cards: start, first query and ten hits.
const pagefind: { [size: number]: number } = { 100: 154_000, 1000: 243_000, 10000: 298_000 };

/** What a reader fetches, compressed: two pages before anybody acts, and the search once somebody asks. */
export function weigh(site: string, size: number) {
  const search = weighSearch(site);
  return [
    { of: "front page", ...figures(weighPage(site, "index.html")) },
    { of: "model page", ...figures(weighPage(site, "models/generated-0/index.html")) },
    {
      of: "search, first query",
      kB: kB(search),
      ...(pagefind[size] && { "of Pagefind": ratio(search, pagefind[size]) }),
    },
  ];
}

const figures = (bytes: number) => ({
  kB: kB(bytes),
  "of OpenTofu's": ratio(bytes, openTofu),
  "of MONAI's": ratio(bytes, monai),
});

const kB = (bytes: number): number => Number((bytes / 1000).toFixed(1));
const ratio = (bytes: number, others: number): string => `${(bytes / others).toFixed(3)}x`;

/** A page with its style sheets and scripts; pictures apart. */
function weighPage(site: string, page: string): number {
  const html = readFileSync(join(site, page));
  return (
    sum(
      site,
      [...filesOf(site, page)].map((file) => join("_astro", file)),
    ) + packed(html)
  );
}

/** What the front page fetches with the first letter: scripts that it has not yet, and all shards. */
function weighSearch(site: string): number {
  const known = filesOf(site, "index.html");
  const scripts = [...closure(site, known, lazy)].filter((file) => !known.has(file));
  const { shards } = JSON.parse(readFileSync(join(site, "api/v1/search/index.json"), "utf8"));
  const data = ["search/index.json", ...shards].map((file) => join("api/v1", file));
  return sum(site, [...scripts.map((file) => join("_astro", file)), ...data]);
}

const eager = /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g;
const lazy = /["`](?:\.\/|_astro\/)([\w.-]+\.(?:js|css))["`]/g;

/** The bundled files that a page names, and what they import from the start. */
function filesOf(site: string, page: string): Set<string> {
  const html = readFileSync(join(site, page), "utf8");
  const named = [...html.matchAll(/"\/_astro\/([\w.-]+\.(?:js|css))"/g)].map(
    ([, file]) => file ?? "",
  );
  return closure(site, new Set(named), eager);
}

function closure(site: string, files: ReadonlySet<string>, pattern: RegExp): Set<string> {
  const all = new Set(files);
  // A set takes up what is added while it is walked.
  for (const file of all) {
    const content = readFileSync(join(site, "_astro", file), "utf8");
    for (const [, name] of content.matchAll(pattern)) if (name) all.add(name);
  }
  return all;
}

const sum = (site: string, files: string[]): number =>
  files.reduce((total, file) => total + weighFile(site, file), 0);

const weighFile = (site: string, file: string): number => packed(readFileSync(join(site, file)));

const packed = (content: string | Buffer): number => gzipSync(content, { level: 9 }).byteLength;
