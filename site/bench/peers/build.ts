import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianCommand } from "../../../scripts/lib/debian-command.ts";
import { type Cost, costOf } from "../cost.ts";
import { packageFolder } from "../tools.ts";
import { viewsOf } from "./view.ts";

const templates = import.meta.dirname;

/** Readies Eleventy for the catalog in a folder; what comes back builds its pages into `out`. */
export function eleventy(catalog: string, work: string, out: string): () => Cost {
  mkdirSync(join(work, "_includes"), { recursive: true });
  for (const file of ["pages.njk", "eleventy.config.js"]) {
    copyFileSync(join(templates, file), join(work, file));
  }
  copyFileSync(join(templates, "page.njk"), join(work, "_includes/page.njk"));
  writeFileSync(join(work, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(
    join(packageFolder("@11ty/eleventy", "3.1.7"), "node_modules"),
    join(work, "node_modules"),
  );
  const command = join(work, "node_modules/@11ty/eleventy/cmd.cjs");
  const env = {
    BENCH_VIEW: join(templates, "view.ts"),
    BENCH_CATALOG: catalog,
    BENCH_OUT: out,
  };
  return () => costOf([process.execPath, command, "--quiet"], { cwd: work, env });
}

/**
 * The same for Hugo, which reads a file for each page; undefined where there is none to be had. What the
 * pages say comes ready, since templates of its own would be needed to derive it.
 */
export function hugo(catalog: string, work: string, out: string): (() => Cost) | undefined {
  const found = debianCommand("hugo", ["hugo", "libsass1"]);
  if (!found) return undefined;
  mkdirSync(join(work, "layouts/_default"), { recursive: true });
  copyFileSync(join(templates, "page.gotmpl"), join(work, "layouts/_default/single.html"));
  const config = {
    baseURL: "http://localhost/",
    disableKinds: ["taxonomy", "term", "RSS", "section", "home", "404", "sitemap", "robotsTXT"],
  };
  writeFileSync(join(work, "config.json"), JSON.stringify(config));
  // Front matter is what every version of Hugo reads; a folder takes a thousand files.
  for (const [at, view] of viewsOf(catalog).entries()) {
    const folder = join(work, "content", `part-${Math.floor(at / 1000)}`);
    if (at % 1000 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${at}.md`), `${JSON.stringify(view)}\n`);
  }
  const env: Record<string, string> = found.libraries ? { LD_LIBRARY_PATH: found.libraries } : {};
  return () => costOf([found.command, "--quiet", "--destination", out], { cwd: work, env });
}
