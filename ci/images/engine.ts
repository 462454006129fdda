import { chmodSync, copyFileSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import { fixModes, keyOf, listFiles, makeFolder, readJson } from "../files.ts";
import { homeFolder, root } from "../home.ts";
import { fetchWeights } from "../weights.ts";

/** The engine: what is added to every runtime image. */

const folder = join(root, "engine-image");

export const engineVersion = (readJson(join(folder, "engine.json")) as { version: string }).version;

type NodePins = Partial<Record<Platform, { source: string; sha256: string }>>;
const nodePins = readJson(join(folder, "node.json")) as NodePins;

// Packages that end up in the bundle, and the one that makes it.
const bundled = ["@hono/node-server", "busboy", "esbuild", "hono", "streamsearch", "zod"];

/** Hash of all that the engine is made from: sources, pinned node, versions of the bundled packages. */
export async function engineKey(): Promise<string> {
  const files = (await listFiles(folder)).filter(({ path }) => isShipped(path));
  const { packages } = readJson(join(root, "package-lock.json")) as {
    packages: Record<string, { version: string }>;
  };
  const versions = bundled.map((name) => [name, packages[`node_modules/${name}`]?.version]);
  return keyOf({ files: files.map(({ path, sha256 }) => [path, sha256]), versions });
}

function isShipped(path: string): boolean {
  const isDevelopment = /(^|\/)(tests|__pycache__|\.[a-z_]+_cache)(\/|$)|\.test\.ts$/.test(path);
  return (
    !isDevelopment &&
    /^(Dockerfile|engine\.json|node\.json|front\/|python\/modelhub(\/|$))/.test(path)
  );
}

/** The folder of the engine's own files: the front as one file and the Python package. */
export async function engineContext(): Promise<string> {
  return makeFolder(join(homeFolder("engine"), await engineKey()), async (aside) => {
    const { bundle } = await import("../../engine-image/front/bundle.ts");
    await bundle(join(aside, "front.mjs"));
    copyFileSync(join(folder, "engine.json"), join(aside, "engine.json"));
    cpSync(join(folder, "python", "modelhub"), join(aside, "python", "modelhub"), {
      recursive: true,
      filter: (path) => isShipped(relative(folder, path)),
    });
    fixModes(aside);
  });
}

/** The folder with the node binaries, one folder for each architecture, so that node is a layer of its own. */
export async function nodeContext(platforms: readonly Platform[]): Promise<string> {
  const pins = platforms.map((platform) => [platform, nodePins[platform]] as const);
  return makeFolder(join(homeFolder("node-layer"), keyOf(pins)), async (aside) => {
    for (const [platform, pin] of pins) {
      if (!pin) throw new Error(`engine-image/node.json has no node for ${platform}`);
      const { path } = await fetchWeights(
        { id: "node", format: "other", ...pin },
        { folder: aside },
      );
      const file = join(aside, platform.split("/")[1] ?? "", "node");
      mkdirSync(dirname(file), { recursive: true });
      copyFileSync(path, file);
      chmodSync(file, 0o755);
    }
    fixModes(aside);
  });
}
