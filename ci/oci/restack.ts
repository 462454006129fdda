import { OursError } from "../errors.ts";
import { type OciClient, type Stored, sha256 } from "./client.ts";
import { goJson, type Image, type ImageConfig, type ImageManifest, swapEngine } from "./swap.ts";

/**
 * Restack: put a published image on another engine by writing its configs, manifests and index anew.
 * The new engine's layers are mounted from its own repository; no layer's bytes are read or moved.
 */

/** A place in the registry. */
export interface Place {
  repository: string;
  digest: string;
}

interface PlatformManifest {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { os: string; architecture: string; variant?: string };
}

interface Index {
  manifests: PlatformManifest[];
}

/** What an engine image is, read once for all the images that stand on it. */
export class EngineImage {
  readonly place: Place;
  readonly #platforms: Map<string, Image>;

  private constructor(place: Place, platforms: Map<string, Image>) {
    this.place = place;
    this.#platforms = platforms;
  }

  static async read(client: OciClient, place: Place): Promise<EngineImage> {
    const top = await read(client, place);
    const index = indexOf(top);
    const parts = index ? index.manifests : [{ digest: place.digest }];
    const platforms = new Map<string, Image>();
    for (const part of parts) {
      const image = await readImage(client, { ...place, digest: part.digest });
      platforms.set(platformOf(image.config), image);
    }
    return new EngineImage(place, platforms);
  }

  on(platform: string): Image {
    const image = this.#platforms.get(platform);
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
  image: Place,
  from: EngineImage,
  to: EngineImage,
  tags: readonly string[],
): Promise<string> {
  const top = await read(client, image);
  const index = indexOf(top);
  const swapped = index
    ? await swapIndex(client, image.repository, top, index, from, to)
    : await swapPlatform(client, image, from, to);
  for (const tag of tags) await client.putManifest(image.repository, tag, swapped);
  return swapped.digest;
}

async function swapIndex(
  client: OciClient,
  repository: string,
  top: Stored,
  index: Index,
  from: EngineImage,
  to: EngineImage,
): Promise<Stored> {
  const manifests = await Promise.all(
    index.manifests.map(async (part) => {
      const swapped = await swapPlatform(client, { repository, digest: part.digest }, from, to);
      await client.putManifest(repository, swapped.digest, swapped);
      return { ...part, digest: swapped.digest, size: Buffer.byteLength(swapped.text) };
    }),
  );
  return stored(top.mediaType, goJson({ ...index, manifests }, 2));
}

/** The manifest of one platform on the new engine, with all that it names in the registry. */
async function swapPlatform(
  client: OciClient,
  place: Place,
  from: EngineImage,
  to: EngineImage,
): Promise<Stored> {
  const { repository } = place;
  const top = await read(client, place);
  const image = await readImage(client, place, top);
  const platform = platformOf(image.config);
  const { manifest, config } = swapEngine(image, from.on(platform), to.on(platform));
  const text = goJson(config);
  const known = new Set(image.manifest.layers.map(({ digest }) => digest));
  const fresh = manifest.layers.filter(({ digest }) => !known.has(digest));
  await Promise.all([
    client.putBlob(repository, text),
    ...fresh.map(({ digest }) => client.mount(repository, digest, to.place.repository)),
  ]);
  const descriptor = { ...manifest.config, digest: sha256(text), size: Buffer.byteLength(text) };
  return stored(top.mediaType, goJson({ ...manifest, config: descriptor }, 2));
}

async function readImage(client: OciClient, place: Place, top?: Stored): Promise<Image> {
  const { text } = top ?? (await read(client, place));
  const manifest = JSON.parse(text) as ImageManifest;
  const config = await client.blob(place.repository, manifest.config.digest);
  return { manifest, config: JSON.parse(config) as ImageConfig };
}

async function read(client: OciClient, { repository, digest }: Place): Promise<Stored> {
  const found = await client.manifest(repository, digest);
  if (found) return found;
  throw new OursError(`${client.host}/${repository}@${digest} is not in the registry`);
}

function indexOf({ text }: Stored): Index | undefined {
  const value = JSON.parse(text) as Partial<Index>;
  return value.manifests ? (value as Index) : undefined;
}

function platformOf(config: ImageConfig & { os?: string; architecture?: string }): string {
  return `${config.os}/${config.architecture}`;
}

function stored(mediaType: string, text: string): Stored {
  return { digest: sha256(text), mediaType, text };
}
