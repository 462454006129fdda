import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Compressed bytes of the front page before anybody acts: page, style sheet, scripts; pictures apart. */
export function weighFront(site: string): number {
  const html = readFileSync(join(site, "index.html"), "utf8");
  const assets = [...html.matchAll(/"\/(_astro\/[^"]+|favicon\.svg)"/g)].map(
    ([, file]) => file ?? "",
  );
  const weigh = (content: string | Buffer) => gzipSync(content, { level: 9 }).byteLength;
  return assets.reduce((sum, file) => sum + weigh(readFileSync(join(site, file))), weigh(html));
}
