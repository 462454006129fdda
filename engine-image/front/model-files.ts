import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { ModelInfo } from "./config.ts";
import type { ZipEntry } from "./zip.ts";

// As the published engine named it.
const top = "model";

/** The model's folder and its weights, as an archive holds them: sorted, without what is hidden. */
export async function modelFiles(model: ModelInfo): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  // The published engine sent this folder of a contribution.
  if (model.original) {
    const folder = join(model.folder, top);
    return Promise.all((await filesOf(folder)).sort().map((name) => entry(folder, name)));
  }
  for (const name of await filesOf(model.folder)) entries.push(await entry(model.folder, name));
  for (const { id } of model.config.weights) {
    const folder = join(model.weightsFolder, id);
    // Outside an image, weights lie in the model's folder, where they were found above.
    if (existsSync(folder))
      for (const name of await filesOf(folder)) entries.push(await entry(folder, name, id));
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function entry(folder: string, name: string, weightsId?: string): Promise<ZipEntry> {
  const path = join(folder, name);
  const { size } = await stat(path);
  const place = weightsId === undefined ? [top] : [top, "weights", weightsId];
  return { name: [...place, name].join("/"), path, bytes: size };
}

/** Changes whenever a file of weights or the config does. */
export function modelEtag({ config, configText }: ModelInfo): string {
  const hash = createHash("sha256").update(configText);
  for (const { sha256 } of config.weights) hash.update(sha256);
  return `"${hash.digest("hex")}"`;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return (
    entries
      // Links are left out: what they name may lie anywhere.
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .map((path) => path.split(sep).join("/"))
      .filter((path) => !path.split("/").some((part) => /^(\.|__pycache__$)/.test(part)))
  );
}
