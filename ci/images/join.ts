import type { Platform } from "#schema/primitives.ts";
import { OursError } from "../errors.ts";
import { type OciClient, type Stored, sha256 } from "../oci/client.ts";
import { goJson } from "../oci/swap.ts";
import { type BuiltImage, type Level, reference, tagOf } from "./level.ts";
import { clientOf, copy, splitName } from "./oci.ts";

/**
 * Puts one image for each platform under one name in staging, by an index with the bytes that BuildKit
 * gives one. An image of one platform needs no index.
 */
export async function joinPlatforms(
  { name: level, key }: Pick<Level, "name" | "key">,
  parts: ReadonlyMap<Platform, BuiltImage>,
  staging: string,
): Promise<BuiltImage> {
  const [name, tag] = [`${staging}/${level}`, tagOf(key)];
  const { host, repository } = splitName(name);
  const client = clientOf(host);
  const manifests = new Map<Platform, Stored>();
  for (const [platform, part] of parts) {
    if (part.name !== name) await copy(reference(part), `${name}@${part.digest}`);
    manifests.set(platform, await read(client, repository, part.digest));
  }
  const [only] = manifests.values();
  const joint = only && manifests.size === 1 ? only : indexOf(manifests);
  await client.putManifest(repository, tag, joint);
  const seconds = [...parts.values()].reduce((sum, part) => sum + part.seconds, 0);
  return { name, tag, digest: joint.digest, seconds };
}

/** The index over manifests of one platform each, in their order. */
function indexOf(manifests: ReadonlyMap<Platform, Stored>): Stored {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const descriptors = [...manifests].map(([platform, manifest]) => {
    const [os, architecture] = platform.split("/");
    return {
      mediaType: manifest.mediaType,
      digest: manifest.digest,
      size: Buffer.byteLength(manifest.text),
      platform: { architecture, os },
    };
  });
  const text = goJson({ schemaVersion: 2, mediaType, manifests: descriptors }, 2);
  return { digest: sha256(text), mediaType, text };
}

async function read(client: OciClient, repository: string, digest: string): Promise<Stored> {
  const found = await client.manifest(repository, digest);
  if (found) return found;
  throw new OursError(`${client.host}/${repository}@${digest} is not in the registry`);
}
