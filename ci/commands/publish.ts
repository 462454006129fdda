import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as tar from "tar";
import type { Platform } from "#schema/primitives.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { attest, attestationProblem } from "../attest/attach.ts";
import { OursError } from "../errors.ts";
import { listFiles, writeJson } from "../files.ts";
import { engineVersion } from "../images/engine.ts";
import {
  type ArtifactFile,
  attachArtifact,
  copy,
  fetchManifest,
  pushArtifact,
  resolveDigest,
} from "../images/oci.ts";
import { reference, stackLevels } from "../images/stack.ts";
import { mediaTypeOf } from "../media-type.ts";
import { readStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { fetchWeights, weightsFileName } from "../weights.ts";

export const recordType = "application/vnd.modelhub.record.v1+json";

/**
 * Publishes what was built and tested: the images by digest, source and weights as a ModelPack
 * artifact, and as referrers of the image its record, SBOM, provenance and signature. Runs nothing
 * of the contributor's.
 */
export async function publish(
  subject: FetchedSubject,
  built: StageFile<"build">,
  tested: StageFile<"test">,
): Promise<StageFile<"publish">> {
  const { digest } = built.images.deployment;
  if (tested.image !== digest)
    throw new OursError(`the test saw ${tested.image}, the build made ${digest}`);
  const image = `${subject.instance.images}/models/${subject.id}`;
  const before = readStage("publish", subject);
  if (before && (await isThere(before, subject))) return before;

  await copyImages(subject, built);
  const folder = mkdtempSync(join(tmpdir(), "modelhub-publish-"));
  try {
    const bundle = await pushBundle(subject, image, folder);
    const content = await makeRecord(subject, image, tested);
    const record = await attachRecord(subject, image, content, folder);
    const made = { key: subject.key, image, digest, bundle, record };
    const attestations = await attest(subject, built, content, made, folder);
    const result = { ...made, attestations };
    writeStage("publish", subject, result);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isThere(
  { image, digest, bundle, record, attestations }: StageFile<"publish">,
  { instance }: FetchedSubject,
): Promise<boolean> {
  for (const part of [digest, bundle, record, ...Object.values(attestations)]) {
    if (!(await resolveDigest(`${image}@${part}`))) return false;
  }
  // registry.json may trust other keys by now.
  return !(await attestationProblem(image, attestations, instance.signing));
}

/** Copies the stack from staging to the registry; the tag of the version comes last. */
async function copyImages(subject: FetchedSubject, { images }: StageFile<"build">): Promise<void> {
  for (const level of stackLevels) {
    const from = images[level];
    const name = level === "deployment" ? `models/${subject.id}` : level;
    const to = `${subject.instance.images}/${name}`;
    await copyChecked(reference(from), `${to}:${from.tag}`, from.digest);
    if (level === "deployment")
      await copyChecked(`${to}@${from.digest}`, `${to}:${subject.version}`, from.digest);
  }
}

async function copyChecked(from: string, to: string, digest: string): Promise<void> {
  if ((await resolveDigest(to)) !== digest) await copy(from, to);
  const there = await resolveDigest(to);
  if (there !== digest) throw new OursError(`${to} holds ${there ?? "nothing"}, not ${digest}`);
}

/** Source and weights as a CNCF ModelPack artifact: weights raw, so a blob's digest is the file's own hash. */
async function pushBundle(subject: FetchedSubject, image: string, folder: string): Promise<string> {
  const { config, source } = subject;
  const files: ArtifactFile[] = [];
  for (const weights of config.weights) {
    const { path } = await fetchWeights(weights, subject);
    const name = `weights/${weights.id}/${weightsFileName(weights)}`;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(path, join(folder, name));
    files.push({ path: name, mediaType: "application/vnd.cncf.model.weight.v1.raw" });
  }
  const paths = (await listFiles(subject.folder)).map(({ path }) => path);
  await tar.create(
    { cwd: subject.folder, file: join(folder, "source.tar"), portable: true, noMtime: true },
    paths,
  );
  files.push({ path: "source.tar", mediaType: "application/vnd.cncf.model.code.v1.tar" });
  // ModelPack's config: https://github.com/modelpack/model-spec/blob/main/docs/config.md
  writeJson(join(folder, "config.json"), {
    descriptor: {
      name: subject.id,
      version: subject.version,
      title: config.title,
      description: config.summary,
      authors: config.authors.map(({ given, family }) => `${given} ${family}`),
      licenses: [config.licenses.weights],
      ...(source && { sourceURL: source.repository, revision: source.revision }),
    },
    config: { architecture: config.model.architecture, format: config.weights[0]?.format },
    modelfs: {
      type: "layers",
      diffIds: (await listFiles(folder))
        .filter(({ path }) => files.some((file) => file.path === path))
        .map(({ sha256 }) => `sha256:${sha256}`),
    },
  });
  return pushArtifact(
    `${image}:${subject.version}-source`,
    "application/vnd.cncf.model.manifest.v1+json",
    folder,
    files,
    { path: "config.json", mediaType: "application/vnd.cncf.model.config.v1+json" },
  );
}

/** Attaches record.json and the samples' files, so that the catalog needs nothing but the registry. */
async function attachRecord(
  subject: FetchedSubject,
  image: string,
  record: ModelRecord,
  folder: string,
): Promise<string> {
  const files: ArtifactFile[] = [{ path: "record.json", mediaType: recordType }];
  writeJson(join(folder, "record.json"), record);
  const inputs = new Set(record.config.samples.flatMap((sample) => Object.values(sample.inputs)));
  for (const path of [...inputs].sort()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(subject.folder, path), join(folder, path));
    files.push({ path, mediaType: mediaTypeOf(path) });
  }
  return attachArtifact(`${image}@${record.image.digest}`, recordType, folder, files);
}

async function makeRecord(
  subject: FetchedSubject,
  image: string,
  tested: StageFile<"test">,
): Promise<ModelRecord> {
  const weights: ModelRecord["weights"] = [];
  for (const item of subject.config.weights) {
    const { bytes, sha256 } = await fetchWeights(item, subject);
    weights.push({ id: item.id, file: weightsFileName(item), sha256, bytes });
  }
  return {
    schemaVersion: "1",
    id: subject.id,
    version: subject.version,
    engineVersion,
    image: {
      digest: tested.image,
      platforms: await platformsOf(`${image}@${tested.image}`, subject.instance.platforms),
    },
    config: subject.config,
    weights,
    files: (await listFiles(subject.folder)).map(({ path, sha256, bytes }) => ({
      path,
      sha256,
      bytes,
    })),
    reports: tested.reports,
  };
}

/** Digest and compressed size of each platform's image; an image of one platform needs no index. */
async function platformsOf(
  image: string,
  platforms: readonly Platform[],
): Promise<ModelRecord["image"]["platforms"]> {
  const top = await fetchManifest(image);
  const result: ModelRecord["image"]["platforms"] = {};
  for (const platform of platforms) {
    const [os, architecture] = platform.split("/");
    const part = top.manifests?.find(
      (candidate) =>
        candidate.platform?.os === os && candidate.platform?.architecture === architecture,
    );
    const digest = part?.digest ?? image.slice(image.indexOf("@") + 1);
    const manifest = part
      ? await fetchManifest(`${image.slice(0, image.indexOf("@"))}@${digest}`)
      : top;
    const bytes = (manifest.layers ?? []).reduce((sum, { size }) => sum + size, 0);
    result[platform] = { digest, bytes };
  }
  return result;
}
