import { rmSync } from "node:fs";
import { ContributionError } from "../errors.ts";
import { clientOf, splitName } from "../images/oci.ts";
import { type Entry, nameOf, readRegistry } from "../registry.ts";
import type { Workspace } from "../workspace.ts";

/**
 * Removes a version for good: for the law, malware or a leaked secret, when model.json says so. The
 * entry stays as a tombstone, so that nobody takes its number. What the registry frees then is its own
 * matter: it collects blobs that no manifest names.
 */

/** Deletes all manifests of a version, its scan and its lock. Returns the digests that were deleted. */
export async function remove(name: string, at: Workspace): Promise<string[]> {
  const { entries, problems } = readRegistry(at.registry);
  if (problems.length > 0) throw new ContributionError(problems);
  const entry = entries.find((one) => nameOf(one) === name);
  if (!entry?.model.removed?.[entry.version]) throw notRemoved(name, entry);
  const { lock, files } = entry;
  if (!lock) return [];
  const { host, repository } = splitName(lock.image.name);
  const client = clientOf(host);
  const { image, record, bundle } = lock;
  const listed = await client.resolve(repository, image.digest.replace(":", "-"));
  // What points to others goes first; the lock last, so that this can be run again.
  const digests = [
    ...(listed ? [listed] : []),
    ...Object.values({ ...lock.attestations }).flatMap((digest) => digest ?? []),
    record,
    bundle,
    image.digest,
    ...Object.values(image.platforms),
  ];
  const deleted: string[] = [];
  for (const digest of new Set(digests))
    if (await client.deleteManifest(repository, digest)) deleted.push(digest);
  for (const file of [files.scan, files.tests]) rmSync(file, { force: true });
  rmSync(files.lock);
  return deleted;
}

function notRemoved(name: string, entry: Entry | undefined): ContributionError {
  return new ContributionError({
    file: entry?.files.model ?? "registry",
    key: "removed",
    expected: entry
      ? `${entry.version} with a reason`
      : "a version of this registry, such as squeeze-net@1.0.0",
    got: entry ? "nothing" : name,
    hint: "a bad version is yanked: it stays pullable; removed is for the law, malware or a leaked secret",
  });
}
