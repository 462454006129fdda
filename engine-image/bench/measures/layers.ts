import { join } from "node:path";
import { createGzip } from "node:zlib";
import { execa } from "execa";
import { create } from "tar";
import { engineContext, nodeContext } from "#ci/images/engine.ts";
import { NotHere, python } from "../environment.ts";
import type { Figures } from "../figures.ts";
import { ours } from "../subjects.ts";
import type { Plan } from "./plan.ts";

interface Size {
  unpackedMB: number;
  compressedMB: number;
}

const original = "modelhub-engine";
// A model needs these anyway; ours takes the ones that are there.
const theModels = /^(numpy|pillow|PIL|pip|setuptools|_distutils_hack)([-.]|$)/i;

/** Size of what the engine adds to an image, unpacked and as gzip, which registries hold. */
export async function measureLayers(plan: Plan, figures: Figures): Promise<void> {
  const node = await sizeOf(join(await nodeContext(["linux/amd64"]), "amd64"));
  const code = await sizeOf(await engineContext());
  figures.set(ours.name, "layers.unpackedMB", node.unpackedMB + code.unpackedMB);
  figures.set(ours.name, "layers.compressedMB", node.compressedMB + code.compressedMB);
  figures.set(ours.name, "layers.codeMB", code.compressedMB);
  if (!plan.subjects.has(original)) return;
  try {
    const { stdout } = await execa(await python(original), [
      "-c",
      "import sysconfig; print(sysconfig.get_path('platlib'))",
    ]);
    const packages = await sizeOf(stdout, (path) => !theModels.test(path.replace(/^\.\//, "")));
    figures.set(original, "layers.unpackedMB", packages.unpackedMB);
    figures.set(original, "layers.compressedMB", packages.compressedMB);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    figures.note(`${original} is left out of "layers": ${error.message}`);
  }
}

async function sizeOf(folder: string, isKept = (_: string) => true): Promise<Size> {
  const size = { unpackedMB: 0, compressedMB: 0 };
  const filter = (path: string) => !/__pycache__/.test(path) && isKept(path);
  const archive = create({ cwd: folder, portable: true, filter }, ["."]);
  const gzip = createGzip();
  archive.on("data", (chunk: Buffer) => {
    size.unpackedMB += chunk.length / 1e6;
    gzip.write(chunk);
  });
  archive.on("end", () => gzip.end());
  for await (const chunk of gzip) size.compressedMB += chunk.length / 1e6;
  return size;
}
