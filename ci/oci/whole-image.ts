import { OursError } from "../errors.ts";
import { type Added, addedTo, unpack, withAdded } from "./added.ts";
import { type OciClient, type Stored, sha256 } from "./client.ts";
import {
  asImage,
  described,
  goJson,
  type Image,
  type ImageConfig,
  type ImageManifest,
} from "./swap.ts";

/** A place in the registry. */
export interface Place {
  repository: string;
  digest: string;
}

/** An image as its lock names it. */
export interface Published extends Place {
  /** Digest of each platform's part. */
  platforms: Readonly<Record<string, string>>;
  /** What it adds to its engine's, packed. */
  added?: string | undefined;
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

/** An image on its engine, and what it adds to that where it adds the same on all platforms. */
export interface Standing {
  whole: WholeImage;
  added?: Added;
}

/**
 * The same for an image that stands on `engine`, by no request where its lock says what it adds to that,
 * or else by two: it is read of one platform. The image's digest covers all that follows, and so proves
 * it; where it doesn't, each platform is read.
 */
export async function readOnEngine(
  client: OciClient,
  image: Published,
  engine: WholeImage,
): Promise<Standing> {
  return (
    proven(unpack(image.added ?? ""), image, engine) ??
    proven(await readAdded(client, image, engine), image, engine) ?? {
      whole: await readWhole(client, image),
    }
  );
}

/** What a published image adds on one of its platforms; nothing where the engine isn't for that. */
async function readAdded(
  client: OciClient,
  { platforms, repository }: Published,
  engine: WholeImage,
): Promise<Added | undefined> {
  const [[platform, digest] = []] = Object.entries(platforms);
  const own = engine.parts.find(({ config }) => platformOf(config) === platform);
  return own && digest ? addedTo(own, await readImage(client, { repository, digest })) : undefined;
}

/** The image that adds this to its engine, where its digest says that it does. */
function proven(
  added: Added | undefined,
  { digest, platforms }: Published,
  { index, parts: engines }: WholeImage,
): Standing | undefined {
  if (!added) return undefined;
  const isWanted = engines.map(({ config }) => platformOf(config) in platforms);
  const parts = engines
    .filter((_, place) => isWanted[place])
    .map((engine) => withAdded(engine, added));
  const isOfOne = Object.values(platforms)[0] === digest;
  const manifests = index?.manifests.filter((_, place) => isWanted[place]);
  const whole = withParts(
    index && manifests && !isOfOne ? { index: { ...index, manifests }, parts } : { parts },
  );
  return bytesOf(whole).top?.digest === digest ? { whole, added } : undefined;
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
  const image = asImage(manifest, JSON.parse(config));
  if (image) return image;
  throw new OursError(`${client.host}/${repository}@${top.digest} is no image`);
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
