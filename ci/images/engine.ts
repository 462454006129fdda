import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import { type FileFact, fixModes, keyOf, listFiles, makeFolder, readJson } from "../files.ts";
import { homeFolder, root } from "../home.ts";
import { shippedNode } from "./shipped-node.ts";

/** The engine: what is added to every runtime image. */

// Another folder is another engine, such as the release of tomorrow in a test.
const folder = process.env["MODELHUB_ENGINE_SOURCE"] ?? join(root, "engine-image");

/** The engine's version, such as 2.0.0; replies and locks tell it. */
export const engineVersion = (readJson(join(folder, "engine.json")) as { version: string }).version;

type Pin = { source: string; sha256: string };
type NodePins = Partial<Record<Platform, Pin>> & { license: Pin };
export const nodePins = readJson(join(folder, "node.json")) as NodePins;

// Packages that end up in the bundle.
export const bundled = ["busboy", "hono", "streamsearch", "swagger-ui-dist", "zod"];

/** Hash of all that the engine is made from: sources, pinned node, versions of the packages. */
export async function engineKey(): Promise<string> {
  const own = await listFiles(folder, isShipped);
  const schemas = await listFiles(join(root, "registry", "schema"), (path) =>
    /^[a-z/-]+\.ts$/.test(path),
  );
  const compiler = await listFiles(import.meta.dirname, (path) => path === "byte-code.ts");
  const files = [...own, ...schemas, ...compiler, ...(await nodeCutters())];
  const { packages } = readJson(join(root, "package-lock.json")) as {
    packages: Record<string, { version: string }>;
  };
  const versions = ["esbuild", "pyodide", ...bundled].map((name) => [
    name,
    packages[`node_modules/${name}`]?.version,
  ]);
  return keyOf({ files: files.map(({ path, sha256 }) => [path, sha256]), versions });
}

/** The sources that say what of node is shipped. */
function nodeCutters(): Promise<FileFact[]> {
  return listFiles(import.meta.dirname, (path) => /^(shipped-node|elf|icu-data)\.ts$/.test(path));
}

function isShipped(path: string): boolean {
  const isDevelopment = /(^|\/)(tests|e2e|__pycache__|\.[a-z_]+_cache)(\/|$)|\.test\.ts$/.test(
    path,
  );
  return (
    !isDevelopment &&
    /^(Dockerfile|engine\.json|node\.json|front\/|viewers\/|python\/modelhub(lib|api)?(\/|$))/.test(
      path,
    )
  );
}

/**
 * The engine's own files, a folder for each layer: `code` has the front, its pages, the Python packages
 * and their byte code; `docs` what shows the API's description, which is half of all and seldom changes.
 */
export async function engineContext(): Promise<string> {
  return makeFolder(join(homeFolder("engine"), await engineKey()), async (aside) => {
    const [code, docs] = [join(aside, "code"), join(aside, "docs")];
    const { bundle } = await import("../../engine-image/front/bundle.ts");
    await bundle(join(code, "front.mjs"));
    mkdirSync(docs);
    for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"])
      renameSync(join(code, "pages", name), join(docs, name));
    copyFileSync(join(folder, "engine.json"), join(code, "engine.json"));
    cpSync(join(folder, "python"), join(code, "python"), {
      recursive: true,
      filter: (path) => path === join(folder, "python") || isShipped(relative(folder, path)),
    });
    const { compilePython } = await import("./byte-code.ts");
    await compilePython(join(code, "python"), "/opt/modelhub/engine/python");
    await copyLicenses(code);
    fixModes(aside);
  });
}

/** The engine's own licence, and those of all that is shipped with it; `licenses` prints them. */
async function copyLicenses(engine: string): Promise<void> {
  copyFileSync(join(root, "LICENSE"), join(engine, "LICENSE"));
  const to = join(engine, "licenses");
  mkdirSync(to);
  for (const name of bundled) {
    const file = join(to, `${name.replace(/^@/, "").replace("/", "-")}.txt`);
    copyFileSync(join(root, "node_modules", name, "LICENSE"), file);
  }
  const { fetchWeights } = await import("../weights.ts");
  const { path } = await fetchWeights(
    { id: "node", format: "other", ...nodePins.license },
    { folder: engine },
  );
  copyFileSync(path, join(to, "node.txt"));
}

/** The folder with the node binaries, one folder for each architecture, so that node is a layer of its own. */
export async function nodeContext(platforms: readonly Platform[]): Promise<string> {
  const pins = platforms.map((platform) => [platform, nodePins[platform]] as const);
  const cutters = (await nodeCutters()).map(({ sha256 }) => sha256);
  return makeFolder(join(homeFolder("node-layer"), keyOf({ pins, cutters })), async (aside) => {
    const { fetchWeights } = await import("../weights.ts");
    for (const [platform, pin] of pins) {
      if (!pin) throw new Error(`engine-image/node.json has no node for ${platform}`);
      const { path } = await fetchWeights(
        { id: "node", format: "other", ...pin },
        { folder: aside },
      );
      const file = join(aside, platform.split("/")[1] ?? "", "node");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, shippedNode(readFileSync(path)), { mode: 0o755 });
    }
    fixModes(aside);
  });
}
