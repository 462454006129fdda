import { chmodSync, copyFileSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import { keyOf, listFiles, makeFolder, readJson } from "../files.ts";
import { homeFolder, root } from "../home.ts";
import { fetchWeights } from "../weights.ts";

/** The engine: what is added to every runtime image. */

const folder = join(root, "engine-image");

export const engineVersion = (readJson(join(folder, "engine.json")) as { version: string }).version;

type NodePins = Partial<Record<Platform, { source: string; sha256: string }>>;
const nodePins = readJson(join(folder, "node.json")) as NodePins;

/** Hash of all that the engine is made from: sources, pinned node, versions of the bundled packages. */
export async function engineKey(): Promise<string> {
  const files = (await listFiles(folder)).filter(({ path }) => !isDevelopment(path));
  const lock = readJson(join(root, "package-lock.json")) as {
    packages: Record<string, { version?: string; dev?: boolean }>;
  };
  const bundled = Object.entries(lock.packages)
    .filter(([name, { dev }]) => !dev || name === "node_modules/esbuild")
    .map(([name, { version }]) => [name, version]);
  return keyOf({ files: files.map(({ path, sha256 }) => [path, sha256]), bundled });
}

function isDevelopment(path: string): boolean {
  return /(^|\/)(tests|__pycache__|\.[a-z_]+_cache|\.venv)(\/|$)|\.test\.ts$/.test(path);
}

/** The folder of the engine's own files: the front as one file and the Python package. */
export async function engineContext(): Promise<string> {
  return makeFolder(join(homeFolder("engine"), await engineKey()), async (aside) => {
    const { bundle } = await import("../../engine-image/front/bundle.ts");
    await bundle(join(aside, "front.mjs"));
    copyFileSync(join(folder, "engine.json"), join(aside, "engine.json"));
    cpSync(join(folder, "python", "modelhub"), join(aside, "python", "modelhub"), {
      recursive: true,
      filter: (path) => !isDevelopment(path),
    });
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
  });
}
