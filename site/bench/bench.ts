import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { homeFolder, root } from "#ci/home.ts";
import { writeLargeCatalog } from "./registry.ts";
import { searchTimes } from "./search-times.ts";
import { weighFront } from "./weigh.ts";

/**
 * `npm run bench:site [-- 100 1000 10000]`: builds the site of generated registries and prints, for
 * each size, what the build takes, what the front page weighs, and how long a search takes in Chromium.
 */
const sizes = process.argv.slice(2).map(Number);
const rows = [];
for (const size of sizes.length > 0 ? sizes : [100, 1000, 10_000]) rows.push(await measure(size));
console.table(rows);

async function measure(size: number) {
  const folder = mkdtempSync(join(homeFolder("bench"), "site-"));
  // Astro runs what it bundled from its output folder, so that has to lie where our packages are found.
  mkdirSync(join(root, ".modelhub"), { recursive: true });
  const site = mkdtempSync(join(root, ".modelhub", "bench-"));
  try {
    const { apiSeconds } = writeLargeCatalog(folder, size);
    const build = buildOf(folder, site);
    const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const total = files.reduce(
      (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
      0,
    );
    const search = await searchTimes(site, join(folder, "api"));
    return {
      models: size,
      "api s": apiSeconds.toFixed(1),
      ...build,
      files: files.length,
      MB: Math.round(total / 1e6),
      "front gz kB": (weighFront(site) / 1000).toFixed(1),
      ...search,
    };
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(site, { recursive: true });
  }
}

/** Builds the site; the heaviest of the processes tells its own processor time and memory. */
function buildOf(catalog: string, site: string) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "build.ts")],
    {
      cwd: join(root, "site"),
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        MODELHUB_CATALOG: catalog,
        MODELHUB_SITE_OUT: site,
        MODELHUB_SITE: "http://localhost/",
        ASTRO_TELEMETRY_DISABLED: "1",
      },
    },
  );
  if (status !== 0) throw new Error(`the build failed with exit code ${status}\n${stderr}`);
  const { cpuSeconds, maxBytes } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
  return {
    "build CPU s": cpuSeconds.toFixed(1),
    "build wall s": ((performance.now() - start) / 1000).toFixed(1),
    "build RSS MB": Math.round(maxBytes / 1e6),
  };
}
