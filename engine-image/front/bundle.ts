import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { type PageFile, pageFiles } from "./page-files.ts";

// zod brings its messages in 50 languages, 265 kB that nothing here reads.
const english: Plugin = {
  name: "english",
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

// To import one of Node's modules looks at all that it has, and node:http has an HTTP client that
// takes 10 MB; what is got like this is looked at when it is used.
const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    // One for each importer: what is shared would become a part of its own.
    onResolve({ filter: /./ }, ({ path, importer }) =>
      path.startsWith("node:") || builtinModules.includes(path)
        ? { path: importer, pluginData: path, namespace: "builtins", suffix: `?${path}` }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "builtins" }, ({ pluginData }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(pluginData)})`,
    }));
  },
};

/**
 * How the front becomes files that Node runs without node_modules: one to start with, and others
 * beside it that are read when they are needed. What describes the API is most of it.
 */
export const bundleOptions: BuildOptions = {
  bundle: true,
  splitting: true,
  outExtension: { ".js": ".mjs" },
  chunkNames: "front-[name]-[hash]",
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  legalComments: "none",
  plugins: [english, builtins],
};

/** Write the bundle, front.mjs of the engine image, and beside it its parts and the folder of its pages. */
export async function bundle(outfile: string): Promise<void> {
  const outdir = dirname(outfile);
  const entryPoints = { [basename(outfile, ".mjs")]: source("main.ts") };
  await build({ ...bundleOptions, entryPoints, outdir, logLevel: "warning" });
  const folder = join(outdir, "pages");
  mkdirSync(folder, { recursive: true });
  for (const name of pageFiles) writeFileSync(join(folder, name), await makePageFile(name));
}

/** Make one file of the pages out of the sources. */
export async function makePageFile(name: PageFile): Promise<string> {
  if (name === "index.html") return makePage();
  if (name === "docs.html") return readFileSync(source("page/docs.html"), "utf8");
  const { resolve } = createRequire(import.meta.url);
  return readFileSync(resolve(`swagger-ui-dist/${name}`), "utf8");
}

/** The try-it page with its script and styles inside. */
async function makePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [source("page/main.ts"), source("page/page.css")],
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2023",
    minify: true,
    legalComments: "none",
    write: false,
    outdir: "/",
    logLevel: "warning",
  });
  const [script, style] = [".js", ".css"].map(
    (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "",
  );
  return readFileSync(source("page/index.html"), "utf8")
    .replace("<style></style>", () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
}

function source(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
