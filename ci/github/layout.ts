import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Digest } from "#schema/primitives.ts";
import { OursError } from "../errors.ts";
import { readJson, sha256, writeFile, writeJson } from "../files.ts";
import { clientOf, splitName } from "../images/oci.ts";
import { type BuiltImage, type StackLevel, stackLevels } from "../images/stack.ts";
import { parsePlain } from "../oci/plain-json.ts";
import type { Image, ImageConfig, ImageManifest } from "../oci/swap.ts";

/**
 * The built stack as an OCI image layout, a folder that one job hands to another. Whoever takes it
 * knows the digests from elsewhere, and every file is held against its own.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */

const Part = z.object({ mediaType: z.string(), digest: Digest, size: z.number().int().min(0) });
const Manifest = z.object({
  mediaType: z.string(),
  config: Part.optional(),
  layers: z.array(Part).default([]),
  manifests: z.array(Part).default([]),
});

type Images = Readonly<Record<StackLevel, Pick<BuiltImage, "name" | "tag" | "digest">>>;

/** Writes the images of all levels into a folder; what they share is written once. */
export async function saveLayout(images: Images, folder: string): Promise<void> {
  mkdirSync(join(folder, "blobs", "sha256"), { recursive: true });
  const manifests = [];
  for (const level of stackLevels) {
    const { name, digest } = images[level];
    const part = await saveManifest(name, digest, folder);
    manifests.push({ ...part, annotations: { "org.opencontainers.image.ref.name": level } });
  }
  writeJson(join(folder, "oci-layout"), { imageLayoutVersion: "1.0.0" });
  const mediaType = "application/vnd.oci.image.index.v1+json";
  writeJson(join(folder, "index.json"), { schemaVersion: 2, mediaType, manifests });
}

/** Pushes the images of a layout to the names that they have. */
export async function loadLayout(images: Images, folder: string): Promise<void> {
  for (const level of stackLevels) await loadImage(images[level], folder);
}

/** Pushes one image of a layout to the name and tag that it has. */
export async function loadImage(
  { name, tag, digest }: Images[StackLevel],
  folder: string,
): Promise<void> {
  const layout = readJson(join(folder, "oci-layout"));
  if (!layout) throw new OursError(`expected an OCI layout in ${folder}, got nothing`);
  await loadManifest(name, digest, tag, folder);
}

/** Manifest and config of one platform's image in a layout. */
export function readImage(digest: string, folder: string): Image {
  const manifest = parsePlain(readText(digest, folder), `the manifest ${digest}`);
  const { config } = Manifest.parse(manifest);
  if (!config) throw new OursError(`expected the image of one platform, got an index: ${digest}`);
  const text = readText(config.digest, folder);
  return {
    manifest: manifest as ImageManifest,
    config: parsePlain(text, `the config ${config.digest}`) as ImageConfig,
  };
}

async function saveManifest(
  name: string,
  digest: string,
  folder: string,
): Promise<z.infer<typeof Part>> {
  const { host, repository } = splitName(name);
  const client = clientOf(host);
  const found = await client.manifest(repository, digest);
  if (!found) throw new OursError(`${name}@${digest} is not in the registry`);
  const { config, layers, manifests } = Manifest.parse(JSON.parse(found.text));
  for (const part of manifests) await saveManifest(name, part.digest, folder);
  for (const part of [...(config ? [config] : []), ...layers]) {
    const file = blobFile(part.digest, folder);
    if (!isThere(file)) await client.saveBlob(repository, part.digest, file);
  }
  writeFile(blobFile(digest, folder), found.text);
  return { mediaType: found.mediaType, digest, size: Buffer.byteLength(found.text) };
}

async function loadManifest(
  name: string,
  digest: string,
  reference: string,
  folder: string,
): Promise<void> {
  const { host, repository } = splitName(name);
  const client = clientOf(host);
  const text = readText(digest, folder);
  const { mediaType, config, layers, manifests } = Manifest.parse(JSON.parse(text));
  for (const part of manifests) await loadManifest(name, part.digest, part.digest, folder);
  // The registry itself holds a blob against its digest.
  for (const part of [...(config ? [config] : []), ...layers])
    await client.putFile(repository, part.digest, requireFile(part.digest, folder));
  await client.putManifest(repository, reference, { digest, mediaType, text });
}

/** A small file of the layout; its bytes are checked against its digest. */
function readText(digest: string, folder: string): string {
  const file = requireFile(digest, folder);
  const text = readFileSync(file, "utf8");
  if (`sha256:${sha256(text)}` === digest) return text;
  throw new OursError(`${file} holds other bytes than its name says`);
}

function blobFile(digest: string, folder: string): string {
  return join(folder, "blobs", "sha256", digest.replace("sha256:", ""));
}

/** A real file: a link could lead out of the folder. */
function requireFile(digest: string, folder: string): string {
  const file = blobFile(digest, folder);
  if (isThere(file)) return file;
  throw new OursError(`expected ${digest} as a file of the layout ${folder}, got none`);
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
