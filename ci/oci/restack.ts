import { OursError } from "../errors.ts";
import type { OciClient } from "./client.ts";
import { goJson, type Image, swapEngine } from "./swap.ts";
import {
  bytesOf,
  type Place,
  type Published,
  platformOf,
  readOnEngine,
  readWhole,
  type WholeImage,
  withParts,
} from "./whole-image.ts";

/**
 * Restack: put a published image on another engine by writing its configs, manifests and index anew.
 * The new engine's layers are mounted from its own repository; no layer's bytes are read or moved.
 */

/** What an engine image is, read once for all the images that stand on it. */
export class EngineImage {
  readonly place: Place;
  readonly whole: WholeImage;

  private constructor(place: Place, whole: WholeImage) {
    this.place = place;
    this.whole = whole;
  }

  static async read(client: OciClient, place: Place): Promise<EngineImage> {
    return new EngineImage(place, await readWhole(client, place));
  }

  on(platform: string): Image {
    const image = this.whole.parts.find(({ config }) => platformOf(config) === platform);
    if (image) return image;
    throw new OursError(
      `the engine ${this.place.repository}@${this.place.digest} has no ${platform}`,
    );
  }
}

/**
 * Put the image on `to` instead of `from`, under the tags. Returns the digest of the new image, which
 * is the one that a full build on `to` has. Throws where the image doesn't stand on `from`.
 */
export async function restack(
  client: OciClient,
  image: Published,
  from: EngineImage,
  to: EngineImage,
  tags: readonly string[],
): Promise<string> {
  const { repository } = image;
  const { whole: before } = await readOnEngine(client, image, from.whole);
  const parts = before.parts.map((part) => {
    const platform = platformOf(part.config);
    return swapEngine(part, from.on(platform), to.on(platform));
  });
  const after = withParts({ ...before, parts });
  const known = layersOf(before);
  const fresh = [...layersOf(after)].filter((digest) => !known.has(digest));
  await Promise.all([
    ...parts.map(({ config }) => client.putBlob(repository, goJson(config))),
    ...fresh.map((digest) => client.mount(repository, digest, to.place.repository)),
  ]);
  const { manifests, top } = bytesOf(after);
  const below = manifests.filter((manifest) => manifest !== top);
  await Promise.all(below.map((one) => client.putManifest(repository, one.digest, one)));
  for (const tag of tags) await client.putManifest(repository, tag, top);
  return top.digest;
}

function layersOf({ parts }: WholeImage): Set<string> {
  return new Set(parts.flatMap(({ manifest }) => manifest.layers.map(({ digest }) => digest)));
}
