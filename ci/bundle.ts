import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tar from "tar";
import type { Source } from "#schema/entry.ts";
import type { Lock } from "#schema/lock.ts";
import { OursError } from "./errors.ts";
import { sha256File } from "./files.ts";
import { fetchBlob, fetchManifest, resolveDigest } from "./images/oci.ts";

/** Source and weights of a published version, out of our own registry, each by its digest. */

/** What ModelPack calls a layer with source code. */
export const codeType = "application/vnd.cncf.model.code.v1.tar";

/**
 * Writes the published source of a version into a folder. False where the registry has lost it, or
 * where the lock speaks of another source.
 */
export async function unpackBundle(lock: Lock, source: Source, folder: string): Promise<boolean> {
  const { repository, revision, path = "." } = source;
  const isSame =
    lock.source.repository === repository &&
    lock.source.revision === revision &&
    lock.source.path === path;
  const bundle = `${lock.image.name}@${lock.bundle}`;
  if (!isSame || !(await resolveDigest(bundle))) return false;
  const { layers = [] } = await fetchManifest(bundle);
  const code = layers.find(({ mediaType }) => mediaType === codeType);
  if (!code) throw new OursError(`${bundle} holds no source`);
  const aside = mkdtempSync(join(tmpdir(), "modelhub-bundle-"));
  try {
    const file = join(aside, "source.tar");
    await fetchBlob(`${lock.image.name}@${code.digest}`, file);
    mkdirSync(folder, { recursive: true });
    await tar.extract({ file, cwd: folder, strict: true });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  const config = await sha256File(join(folder, "modelhub.json"));
  if (config === lock.source.configSha256) return true;
  throw new OursError(`${bundle} holds another modelhub.json than its lock says: ${config}`);
}

/** Writes a weights file that was published with a version; false where the registry has no such file. */
export async function savePublished(lock: Lock, sha256: string, file: string): Promise<boolean> {
  if (!Object.values(lock.weights).includes(sha256)) return false;
  const bundle = `${lock.image.name}@${lock.bundle}`;
  if (!(await resolveDigest(bundle))) return false;
  const { layers = [] } = await fetchManifest(bundle);
  const digest = `sha256:${sha256}`;
  if (!layers.some((layer) => layer.digest === digest)) return false;
  await fetchBlob(`${lock.image.name}@${digest}`, file);
  return true;
}
