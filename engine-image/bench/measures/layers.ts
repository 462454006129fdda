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
  const engine = await engineContext();
  const node = await sizeOf(join(await nodeContext(["linux/amd64"]), "amd64"));
  const docs = await sizeOf(join(engine, "docs"));
  const code = await sizeOf(join(engine, "code"));
  const all = [node, docs, code];
  figures.set(ours.name, "layers.unpackedMB", sum(all.map(({ unpackedMB }) => unpackedMB)));
  figures.set(ours.name, "layers.compressedMB", sum(all.map(({ compressedMB }) => compressedMB)));
  figures.set(ours.name, "layers.codeMB", code.compressedMB);
  if (!plan.subjects.has(original)) return;
  try {
    const { stdout } = await execa(await python(original), [
      "-c",
      "import sysconfig; print(sysconfig.get_path('platlib'))",
    ]);
    const packages = await sizeOf(stdout, isEngine);
    figures.set(original, "layers.unpackedMB", packages.unpackedMB);
    figures.set(original, "layers.compressedMB", packages.compressedMB);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    figures.note(`${original} is left out of "layers": ${error.message}`);
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

// Without byte code, which speaks for the original engine: pip compiles what it installs.
function isEngine(path: string): boolean {
  return !/__pycache__/.test(path) && !theModels.test(path.replace(/^\.\//, ""));
}

async function sizeOf(folder: string, filter = (_: string) => true): Promise<Size> {
  const size = { unpackedMB: 0, compressedMB: 0 };
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
