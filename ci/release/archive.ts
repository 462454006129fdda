import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as tar from "tar";
import type { Release } from "#schema/release.ts";
import { OursError } from "../errors.ts";
import { listFiles, readJson } from "../files.ts";

/** What of a version goes into the archive, as the static API has it. */
const ofVersion = ["CITATION.cff", "datacite.json"];

/**
 * Writes a release as one file for a repository of research data: the frozen locks, its metadata,
 * and each version's own metadata from the catalog. The same release gives the same bytes.
 */
export async function writeArchive(
  registry: string,
  name: string,
  catalog: string,
  file: string,
): Promise<void> {
  const top = dirname(registry);
  const { versions } = readJson(join(registry, "releases", name, "release.json")) as Release;
  const folder = mkdtempSync(join(tmpdir(), "modelhub-archive-"));
  try {
    cpSync(join(registry, "releases", name), folder, { recursive: true });
    for (const one of ["CITATION.cff", ".zenodo.json"]) cpSync(join(top, one), join(folder, one));
    cpSync(join(registry, "registry.json"), join(folder, "registry.json"));
    for (const { id, version } of versions) {
      for (const one of ofVersion) {
        const from = join(catalog, "api", "v1", "exports", id, version, one);
        if (!existsSync(from))
          throw new OursError(
            `expected ${one} of ${id} ${version} in ${catalog}, got nothing\n  hint: \`modelhub catalog\` writes it`,
          );
        cpSync(from, join(folder, "versions", id, version, one));
      }
    }
    const paths = (await listFiles(folder)).map(({ path }) => path);
    await tar.create({ cwd: folder, file, gzip: true, portable: true, noMtime: true }, paths);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
