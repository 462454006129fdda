import { ProcessError, run } from "../process.ts";

/** What we ask of an OCI registry, by the `oras` command. A reference is name:tag or name@digest. */

/** The digest that a reference stands for, or undefined when the registry has no such thing. */
export async function resolveDigest(reference: string): Promise<string | undefined> {
  try {
    return await run("oras", ["resolve", reference]);
  } catch (error) {
    if (error instanceof ProcessError && /not found|404|NAME_UNKNOWN/i.test(error.output))
      return undefined;
    throw error;
  }
}

/** Copies an image or artifact with all that it stands on; blobs that are there are not sent again. */
export async function copy(from: string, to: string): Promise<void> {
  await run("oras", ["copy", from, to]);
}

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { os: string; architecture: string };
}

export interface Manifest {
  mediaType: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

/** The manifest or index at a reference. */
export async function fetchManifest(reference: string): Promise<Manifest> {
  return JSON.parse(await run("oras", ["manifest", "fetch", reference]));
}

export interface ArtifactFile {
  /** Path below the folder that the push stands in; it becomes the file's title. */
  path: string;
  mediaType: string;
}

// `oras push` would write the time of day; a fixed one gives equal content an equal digest.
const fixedTime = ["--annotation", "org.opencontainers.image.created=1970-01-01T00:00:00Z"];

/** Pushes files as an artifact and returns its digest. */
export async function pushArtifact(
  reference: string,
  artifactType: string,
  folder: string,
  files: readonly ArtifactFile[],
  config?: ArtifactFile,
): Promise<string> {
  const args = ["push", reference, "--artifact-type", artifactType, ...fixedTime];
  if (config) args.push("--config", `${config.path}:${config.mediaType}`);
  const out = await run("oras", [...args, "--format", "json", ...files.map(named)], {
    cwd: folder,
  });
  return String(JSON.parse(out).digest);
}

/** Attaches files to an image as a referrer and returns the referrer's digest. */
export async function attachArtifact(
  subject: string,
  artifactType: string,
  folder: string,
  files: readonly ArtifactFile[],
): Promise<string> {
  const args = [
    "attach",
    subject,
    "--artifact-type",
    artifactType,
    ...fixedTime,
    "--format",
    "json",
  ];
  const out = await run("oras", [...args, ...files.map(named)], { cwd: folder });
  return String(JSON.parse(out).digest);
}

/** Writes the files of an artifact into a folder; every blob is checked against its digest. */
export async function pullArtifact(reference: string, folder: string): Promise<void> {
  await run("oras", ["pull", reference, "--output", folder]);
}

function named({ path, mediaType }: ArtifactFile): string {
  return `${path}:${mediaType}`;
}
