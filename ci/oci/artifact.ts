import { statSync } from "node:fs";
import { join } from "node:path";
import { OursError } from "../errors.ts";
import { sha256File } from "../files.ts";
import { type OciClient, type Stored, sha256 } from "./client.ts";
import { goJson } from "./swap.ts";

/**
 * Artifacts: files in a registry, with the bytes that `oras` gives their manifests.
 * https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
 */

export interface ArtifactFile {
  /** Path below the artifact's folder; it becomes the file's title. */
  path: string;
  mediaType: string;
}

export interface Artifact {
  type: string;
  folder: string;
  files: readonly ArtifactFile[];
  config?: ArtifactFile;
  annotations?: Record<string, string>;
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  data?: string;
  annotations?: Record<string, string>;
  artifactType?: string;
}

interface Index {
  schemaVersion: 2;
  mediaType: string;
  manifests: Descriptor[];
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

// The time of day would give equal files another digest each time.
const fixedTime = { "org.opencontainers.image.created": "1970-01-01T00:00:00Z" };

/** Pushes an artifact under a tag; returns its digest. */
export async function pushArtifact(
  client: OciClient,
  repository: string,
  tag: string,
  artifact: Artifact,
): Promise<string> {
  const manifest = await pushFiles(client, repository, artifact);
  await client.putManifest(repository, tag, manifest);
  return manifest.digest;
}

/** Attaches an artifact to a manifest as its referrer; returns the artifact's digest. */
export async function attachArtifact(
  client: OciClient,
  repository: string,
  subject: string,
  artifact: Artifact,
): Promise<string> {
  const found = await client.manifest(repository, subject);
  if (!found) throw new OursError(`${client.host}/${repository}@${subject} is not in the registry`);
  const manifest = await pushFiles(client, repository, artifact, descriptorOf(found));
  const isListed = await client.putManifest(repository, manifest.digest, manifest);
  if (!isListed) {
    const annotations = inOrder({ ...fixedTime, ...artifact.annotations });
    const own = { ...descriptorOf(manifest), annotations, artifactType: artifact.type };
    await listByTag(client, repository, found.digest, own);
  }
  return manifest.digest;
}

/** Digests of what refers to a manifest with that type of artifact. */
export async function listReferrers(
  client: OciClient,
  repository: string,
  subject: string,
  type: string,
): Promise<string[]> {
  const listed =
    (await client.referrers(repository, subject)) ??
    (await client.manifest(repository, tagOfReferrers(subject)))?.text;
  if (!listed) return [];
  const { manifests } = JSON.parse(listed) as Index;
  return manifests.filter(({ artifactType }) => artifactType === type).map(({ digest }) => digest);
}

/** The files as blobs, and the manifest that names them. */
async function pushFiles(
  client: OciClient,
  repository: string,
  { type, folder, files, config, annotations }: Artifact,
  subject?: Descriptor,
): Promise<Stored> {
  const push = async ({ path, mediaType }: ArtifactFile): Promise<Descriptor> => {
    const file = join(folder, path);
    const digest = `sha256:${await sha256File(file)}`;
    await client.putFile(repository, digest, file);
    return { mediaType, digest, size: statSync(file).size };
  };
  const layers: Descriptor[] = [];
  for (const file of files) {
    const title = { "org.opencontainers.image.title": file.path };
    layers.push({ ...(await push(file)), annotations: title });
  }
  const text = goJson({
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType: type,
    config: config ? await push(config) : await emptyConfig(client, repository),
    layers,
    ...(subject && { subject }),
    annotations: inOrder({ ...fixedTime, ...annotations }),
  });
  return { digest: sha256(text), mediaType: manifestType, text };
}

async function emptyConfig(client: OciClient, repository: string): Promise<Descriptor> {
  const text = "{}";
  const digest = await client.putBlob(repository, text);
  const data = Buffer.from(text).toString("base64");
  return { mediaType: "application/vnd.oci.empty.v1+json", digest, size: text.length, data };
}

function descriptorOf({ mediaType, digest, text }: Stored): Descriptor {
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

/**
 * The list of referrers that a registry without one keeps under a tag. A list that another writer
 * wrote at the same time is read again, so that neither is lost.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
 */
async function listByTag(
  client: OciClient,
  repository: string,
  subject: string,
  own: Descriptor,
): Promise<void> {
  const tag = tagOfReferrers(subject);
  for (let attempt = 0; attempt < 5; attempt++) {
    const found = await client.manifest(repository, tag);
    const { manifests } = found ? (JSON.parse(found.text) as Index) : { manifests: [] };
    if (manifests.some(({ digest }) => digest === own.digest)) return;
    const index = { schemaVersion: 2, mediaType: indexType, manifests: [...manifests, own] };
    const text = goJson(index);
    await client.putManifest(repository, tag, { digest: sha256(text), mediaType: indexType, text });
  }
  throw new OursError(`${client.host}/${repository}:${tag} does not keep ${own.digest}`);
}

function tagOfReferrers(subject: string): string {
  return subject.replace(":", "-");
}

/** Go writes maps in the order of their keys. */
function inOrder(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
