import { OursError } from "../errors.ts";
import type { OciClient, Stored } from "./client.ts";

/** A manifest or index in a registry. */
export interface Place {
  client: OciClient;
  repository: string;
}

interface Descriptor {
  digest: string;
}

interface Manifest {
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

/**
 * Copies an image, of one platform or of several, or an artifact under a tag. What is there already
 * is not sent again: a registry takes no manifest whose parts it lacks.
 */
export async function copyImage(
  from: Place,
  digest: string,
  to: Place,
  tag: string,
): Promise<void> {
  await to.client.putManifest(to.repository, tag, await copyParts(from, digest, to));
}

/** All that a manifest names. Returns the manifest itself, which comes last. */
async function copyParts(from: Place, digest: string, to: Place): Promise<Stored> {
  const top = await readManifest(from, digest);
  if (await to.client.resolve(to.repository, digest)) return top;
  const { manifests = [], config, layers = [] } = JSON.parse(top.text) as Manifest;
  for (const part of manifests) {
    const manifest = await copyParts(from, part.digest, to);
    await to.client.putManifest(to.repository, part.digest, manifest);
  }
  const blobs = new Set([...(config ? [config] : []), ...layers].map((blob) => blob.digest));
  const isSame = from.client === to.client && from.repository === to.repository;
  if (!isSame) {
    await Promise.all(
      [...blobs].map((blob) => to.client.mount(to.repository, blob, from.repository, from.client)),
    );
  }
  return top;
}

/** The manifest by its digest; throws when the registry has none. */
async function readManifest({ client, repository }: Place, digest: string): Promise<Stored> {
  const found = await client.manifest(repository, digest);
  if (found) return found;
  throw new OursError(`${client.host}/${repository}@${digest} is not in the registry`);
}
