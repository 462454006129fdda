import { OursError } from "../errors.ts";
import { type OciClient, type Stored, sha256 } from "./client.ts";
import {
  described,
  goJson,
  type Image,
  type ImageConfig,
  type ImageManifest,
  swapEngine,
} from "./swap.ts";

/** A place in the registry. */
export interface Place {
  repository: string;
  digest: string;
}

/** An image as its lock names it: with the digest of each platform's part. */
export interface Published extends Place {
  platforms: Readonly<Record<string, string>>;
}

/** An image with all its platforms. */
export interface WholeImage {
  /** Nothing for an image of one platform alone. */
  index?: Index;
  /** One for each manifest of the index. */
  parts: Image[];
}

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md */
interface Index {
  mediaType?: string;
  manifests: { digest: string; size: number }[];
}

/** All of an image: its index, and manifest and config of each platform. */
export async function readWhole(client: OciClient, place: Place): Promise<WholeImage> {
  const top = await readManifest(client, place);
  const index = JSON.parse(top.text) as Index;
  if (!index.manifests) return { parts: [await imageOf(client, place, top)] };
  const parts = index.manifests.map(({ digest }) => readImage(client, { ...place, digest }));
  return { index, parts: await Promise.all(parts) };
}

/**
 * The same by two requests, for an image that stands on `engine`. What a model adds is alike on all
 * platforms: one is read, and the others are what it makes of their engines. The image's digest covers
 * them all, and so proves it; where it doesn't, they are read.
 */
export async function readOnEngine(
  client: OciClient,
  image: Published,
  engine: WholeImage,
): Promise<WholeImage> {
  const [digest] = Object.values(image.platforms);
  if (!digest) return readWhole(client, image);
  const part = await readImage(client, { ...image, digest });
  if (digest === image.digest) return { parts: [part] };
  const whole = onPlatforms(part, engine, Object.keys(image.platforms));
  const isProven = whole && bytesOf(whole).top.digest === image.digest;
  return isProven ? whole : readWhole(client, image);
}

/** What an image of one platform is on others of its engine; nothing where that can't be told. */
function onPlatforms(
  part: Image,
  { index, parts: engines }: WholeImage,
  platforms: readonly string[],
): WholeImage | undefined {
  const own = engines.find(({ config }) => platformOf(config) === platformOf(part.config));
  if (!index || !own) return undefined;
  const isWanted = engines.map(({ config }) => platforms.includes(platformOf(config)));
  const manifests = index.manifests.filter((_, place) => isWanted[place]);
  try {
    const parts = engines
      .filter((_, place) => isWanted[place])
      .map((engine) => swapEngine(part, own, engine));
    return withParts({ index: { ...index, manifests }, parts });
  } catch (error) {
    // It stands on no engine that is known here, which who reads all of it says in full.
    if (error instanceof OursError) return undefined;
    throw error;
  }
}

/** The image with an index that describes its parts as they are. */
export function withParts({ index, parts }: WholeImage): WholeImage {
  if (!index) return { parts };
  const manifests = index.manifests.map((descriptor, place) =>
    described(descriptor, goJson(parts[place]?.manifest, 2)),
  );
  return { index: { ...index, manifests }, parts };
}

/** What the registry holds of an image: the manifest of each part, and what its digest stands for. */
export function bytesOf({ index, parts }: WholeImage): { manifests: Stored[]; top: Stored } {
  const manifests = parts.map(({ manifest }) => stored("manifest", manifest));
  return { manifests, top: index ? stored("index", index) : (manifests[0] as Stored) };
}

/** A platform's name, as in registry.json. */
export function platformOf({ os, architecture }: ImageConfig): string {
  return `${os}/${architecture}`;
}

/** Manifest and config of one platform. */
export async function readImage(client: OciClient, place: Place): Promise<Image> {
  return imageOf(client, place, await readManifest(client, place));
}

async function imageOf(client: OciClient, { repository }: Place, top: Stored): Promise<Image> {
  const manifest = JSON.parse(top.text) as ImageManifest;
  const config = await client.blob(repository, manifest.config.digest);
  return { manifest, config: JSON.parse(config) as ImageConfig };
}

async function readManifest(client: OciClient, { repository, digest }: Place): Promise<Stored> {
  const found = await client.manifest(repository, digest);
  if (found) return found;
  throw new OursError(`${client.host}/${repository}@${digest} is not in the registry`);
}

function stored(kind: "index" | "manifest", value: Index | ImageManifest): Stored {
  const text = goJson(value, 2);
  // Docker's own kinds always say what they are.
  const mediaType = value.mediaType ?? `application/vnd.oci.image.${kind}.v1+json`;
  return { digest: sha256(text), mediaType, text };
}
