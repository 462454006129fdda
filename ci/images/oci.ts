import { mkdirSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { OursError } from "../errors.ts";
import * as artifacts from "../oci/artifact.ts";
import { OciClient } from "../oci/client.ts";
import { copyImage } from "../oci/copy.ts";
import type { PatienceOptions } from "../oci/patience.ts";
import type { Image } from "../oci/swap.ts";
import { readImage } from "../oci/whole-image.ts";

/** What we ask of OCI registries, by reference: name:tag or name@digest. */

export type { ArtifactFile } from "../oci/artifact.ts";

/** The digest that a reference stands for, or undefined when the registry has no such thing. */
export async function resolveDigest(reference: string): Promise<string | undefined> {
  const { client, repository, version } = parse(reference);
  return client.resolve(repository, version);
}

/** Copies an image or artifact with all that it stands on; blobs that are there are not sent again. */
export async function copy(from: string, to: string): Promise<void> {
  const [source, target] = [parse(from), parse(to)];
  const digest = await source.client.resolve(source.repository, source.version);
  if (!digest) throw new OursError(`${from} is not in the registry`);
  await copyImage(source, digest, target, target.version);
}

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { os: string; architecture: string };
  annotations?: Record<string, string>;
}

export interface Manifest {
  mediaType: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

/** The manifest or index at a reference. */
export async function fetchManifest(reference: string): Promise<Manifest> {
  const { client, repository, version } = parse(reference);
  const found = await client.manifest(repository, version);
  if (!found) throw new OursError(`${reference} is not in the registry`);
  return JSON.parse(found.text);
}

/** Manifest and config of one platform's image. */
export async function fetchImage(reference: string): Promise<Image> {
  const { client, repository, version } = parse(reference);
  return readImage(client, { repository, digest: version });
}

/** Digest of each platform's image, of those asked for that there are; an image of one platform is its own. */
export async function platformDigests<Name extends string>(
  image: string,
  platforms: readonly Name[],
): Promise<Map<Name, string>> {
  const { manifests } = await fetchManifest(image);
  const own = image.slice(image.indexOf("@") + 1);
  const found = platforms.map((platform) => {
    const part = manifests?.find(
      ({ platform: of }) => of && `${of.os}/${of.architecture}` === platform,
    );
    return [platform, manifests ? part?.digest : own] as const;
  });
  return new Map(found.filter((pair): pair is [Name, string] => pair[1] !== undefined));
}

/** Pushes files as an artifact and returns its digest. */
export async function pushArtifact(
  reference: string,
  type: string,
  folder: string,
  files: readonly artifacts.ArtifactFile[],
  config?: artifacts.ArtifactFile,
): Promise<string> {
  const { client, repository, version } = parse(reference);
  const artifact = { type, folder, files, ...(config && { config }) };
  return artifacts.pushArtifact(client, repository, version, artifact);
}

/** Attaches files to an image as a referrer and returns the referrer's digest. */
export async function attachArtifact(
  subject: string,
  type: string,
  folder: string,
  files: readonly artifacts.ArtifactFile[],
  annotations: Record<string, string> = {},
): Promise<string> {
  const { client, repository, version } = parse(subject);
  const artifact = { type, folder, files, annotations };
  return artifacts.attachArtifact(client, repository, version, artifact);
}

/** Digests of the artifacts of a type that are attached to an image. */
export async function listReferrers(subject: string, type: string): Promise<string[]> {
  const { client, repository, version } = parse(subject);
  return artifacts.listReferrers(client, repository, version, type);
}

/** Writes a blob into a file; its bytes are checked against its digest. */
export async function fetchBlob(reference: string, file: string): Promise<void> {
  const { client, repository, version } = parse(reference);
  await client.saveBlob(repository, version, file);
}

/** The text of an artifact's first file. */
export async function fetchFirstFile(reference: string): Promise<string> {
  const [first] = (await fetchManifest(reference)).layers ?? [];
  if (!first) throw new OursError(`${reference} holds no file`);
  const { client, repository } = parse(reference);
  return client.blob(repository, first.digest);
}

/** Writes the files of an artifact into a folder; every blob is checked against its digest. */
export async function pullArtifact(reference: string, folder: string): Promise<void> {
  const { client, repository } = parse(reference);
  for (const { digest, annotations } of (await fetchManifest(reference)).layers ?? []) {
    const path = annotations?.["org.opencontainers.image.title"];
    if (path === undefined) continue;
    const file = resolve(folder, path);
    if (relative(folder, file).startsWith(".."))
      throw new OursError(`${reference} holds a file out of its folder: ${path}`);
    mkdirSync(dirname(file), { recursive: true });
    await client.saveBlob(repository, digest, file);
  }
}

// A host's requests share its tokens and its wish to be left alone for a while.
const clients = new Map<string, OciClient>();

/** The client of a registry; it is made by the first who asks. */
export function clientOf(host: string, options?: PatienceOptions): OciClient {
  const client = clients.get(host) ?? new OciClient(host, options);
  clients.set(host, client);
  return client;
}

/** An image name as host and repository. */
export function splitName(name: string): { host: string; repository: string } {
  const slash = name.indexOf("/");
  return { host: name.slice(0, slash), repository: name.slice(slash + 1) };
}

function parse(reference: string): { client: OciClient; repository: string; version: string } {
  const { host, repository: rest } = splitName(reference);
  const [, repository = "", version = ""] = /^([^@:]+)[@:](.+)$/.exec(rest) ?? [];
  if (!host || !version) throw new OursError(`expected name:tag or name@digest, got ${reference}`);
  return { client: clientOf(host), repository, version };
}
