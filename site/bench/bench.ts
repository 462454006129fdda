import { cpSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { astroBuild } from "#ci/commands/site.ts";
import { root } from "#ci/home.ts";
import { memoryFolder } from "../../scripts/lib/memory-folder.ts";
import { type Cost, costOf } from "./cost.ts";
import { lighthouseScores } from "./lighthouse.ts";
import { eleventy, hugo } from "./peers/build.ts";
import { writeLargeCatalog } from "./registry.ts";
import { searchTimes } from "./search-times.ts";
import { weigh } from "./weigh.ts";

/**
 * `npm run bench:site [-- 100 1000 10000 --only build,bytes,search,lighthouse --quick]`: measures the
 * site of generated registries, beside Eleventy and Hugo with the same pages. --quick takes 100 models,
 * each build once.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, quick: { type: "boolean", default: false } },
});
const parts = values.only?.split(",") ?? ["build", "bytes", "search", "lighthouse"];
const standard = values.quick ? [100] : [100, 1000, 10_000];
const sizes = positionals.length > 0 ? positionals.map(Number) : standard;
for (const size of sizes) await measure(size);

async function measure(size: number): Promise<void> {
  console.log(`\n${size} models`);
  // All subjects read and write here: on disk, to make a file can take ten times as long in another folder.
  const folder = memoryFolder(size * 400_000);
  const catalog = join(folder, "catalog");
  const site = join(folder, "site");
  // Astro runs what it bundled from its output folder, and our packages have to be found from there.
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  try {
    console.table(writeLargeCatalog(catalog, size));
    const ours = best(site, () => buildOurs(catalog, site));
    if (parts.includes("build")) {
      console.log(
        `The same pages by each, load ${loadavg()[0]?.toFixed(1)}. No outputs that ours would draw as pictures; ours draws a newest version once for its two addresses.`,
      );
      console.table([row("ours", ours, site, ours), ...peers(catalog, folder, ours)]);
    }
    cpSync(join(catalog, "api"), join(site, "api"), { recursive: true });
    if (parts.includes("bytes")) console.table(weigh(site, size));
    if (parts.includes("search")) console.table([await searchTimes(site)]);
    if (parts.includes("lighthouse") && size === sizes[0])
      console.table(await lighthouseScores(site));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function peers(catalog: string, folder: string, ours: Cost) {
  return Object.entries({ eleventy, hugo }).flatMap(([name, ready]) => {
    const out = join(folder, `${name}-out`);
    const build = ready(catalog, join(folder, name), out);
    if (!build) console.log(`${name} is neither on the path nor to be had from Debian: left out.`);
    if (!build) return [];
    const built = row(name, best(out, build), out, ours);
    rmSync(out, { recursive: true });
    return [built];
  });
}

/** The cheapest of two builds into a new folder: other work on the machine only ever adds. */
function best(out: string, build: () => Cost): Cost {
  const first = build();
  if (values.quick) return first;
  rmSync(out, { recursive: true });
  const second = build();
  return first.cpuSeconds <= second.cpuSeconds ? first : second;
}

function buildOurs(catalog: string, site: string): Cost {
  return costOf([...astroBuild.command, "--silent"], {
    // Astro runs what it bundled from its output folder only where that lies below the working folder.
    cwd: dirname(site),
    env: {
      MODELHUB_CATALOG: catalog,
      MODELHUB_SITE_OUT: site,
      MODELHUB_SITE: "http://localhost/",
      ...astroBuild.env,
    },
  });
}

function row(name: string, cost: Cost, out: string, ours: Cost) {
  const pages = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".html"),
  );
  const total = pages.reduce(
    (sum, { parentPath, name: file }) => sum + statSync(join(parentPath, file)).size,
    0,
  );
  return {
    by: name,
    pages: pages.length,
    "kB a page": Number((total / pages.length / 1000).toFixed(1)),
    "CPU s": Number(cost.cpuSeconds.toFixed(1)),
    "wall s": Number(cost.wallSeconds.toFixed(1)),
    "RSS MB": Math.round(cost.maxBytes / 1e6),
    "ours is": `${(ours.cpuSeconds / cost.cpuSeconds).toFixed(2)}x`,
  };
}
