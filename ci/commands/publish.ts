import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as tar from "tar";
import type { Record as ModelRecord, Report } from "#schema/record.ts";
import { attest, attestationProblem } from "../attest/attach.ts";
import { codeType } from "../bundle.ts";
import { OursError } from "../errors.ts";
import { listFiles, writeJson } from "../files.ts";
import { earlierThan } from "../history.ts";
import { engineVersion } from "../images/engine.ts";
import { type ArtifactFile, attachArtifact, pushArtifact, resolveDigest } from "../images/oci.ts";
import { copyStack, describeImage } from "../images/published.ts";
import { mediaTypeOf } from "../media-type.ts";
import { readNetwork } from "../network/read.ts";
import { variantsOf } from "../platforms.ts";
import { fetchRecord } from "../records.ts";
import { readStage, requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { fetchWeights, weightsFileName } from "../weights.ts";
import { requirePassed } from "./verdict.ts";

const recordType = "application/vnd.modelhub.record.v1+json";

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
  requireTested(subject, built, tested);
  const image = `${subject.instance.images}/models/${subject.id}`;
  const before = readStage("publish", subject);
  if (before && (await isThere(before, subject))) return before;

  await copyStack(subject, built);
  const variants = await publishVariants(subject);
  const folder = mkdtempSync(join(tmpdir(), "modelhub-publish-"));
  try {
    const last = await lastRecord(subject, image);
    const kept = last && (await publishedBefore(subject, image, last));
    const bundle = kept?.bundle ?? (await pushBundle(subject, image, folder));
    const weights = kept?.weights ?? (await describeWeights(subject));
    const now = { ...(await makeRecord(subject, built, tested, weights)), ...variants };
    const earlier = earlierThan(now, last);
    const content = { ...now, ...(earlier.length > 0 && { earlier }) };
    const record = await attachRecord(subject, image, content, folder);
    const made = { key: subject.key, image, digest, bundle, record };
    const attestations = await attest(subject, built, content, made, folder);
    const result = { ...made, ...digestsOf(content), attestations };
    writeStage("publish", subject, result);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The record that the lock names, unless it is gone. */
async function lastRecord(
  { lock }: FetchedSubject,
  image: string,
): Promise<ModelRecord | undefined> {
  if (lock?.image.name !== image || !(await resolveDigest(`${image}@${lock.record}`)))
    return undefined;
  return (await fetchRecord(image, lock.record)).record;
}

/** What a restack leaves as it is: an engine has no say in source and weights. */
async function publishedBefore(
  { lock, contentKey }: FetchedSubject,
  image: string,
  { weights }: ModelRecord,
): Promise<{ bundle: string; weights: ModelRecord["weights"] } | undefined> {
  if (lock?.contentKey !== contentKey) return undefined;
  const { bundle } = lock;
  return (await resolveDigest(`${image}@${bundle}`)) ? { bundle, weights } : undefined;
}

function requireTested(
  subject: FetchedSubject,
  built: StageFile<"build">,
  tested: StageFile<"test">,
): void {
  const { digest } = built.images.deployment;
  if (tested.image !== digest)
    throw new OursError(`the test saw ${tested.image}, the build made ${digest}`);
  requirePassed(subject, built, tested);
}

/** What a test of this image on a GPU saw, where there was one; the CPU's reports stay beside it. */
function reportOnGpu(subject: FetchedSubject, built: StageFile<"build">): Report[] {
  const tested = readStage("gpu", subject);
  if (tested?.image !== built.images.deployment.digest) return [];
  const { report } = tested;
  const instance = { ...subject.instance, platforms: [report.platform] };
  requirePassed({ ...subject, instance }, built, { ...tested, reports: [report] });
  return [report];
}

/** Publishes the model's further images, and describes them for the record. */
async function publishVariants(subject: FetchedSubject): Promise<Pick<ModelRecord, "variants">> {
  const variants: NonNullable<ModelRecord["variants"]> = {};
  for (const one of variantsOf(subject)) {
    const [built, tested] = [requireStage("build", one), requireStage("test", one)];
    requireTested(one, built, tested);
    await copyStack(one, built);
    const reports = [...tested.reports, ...reportOnGpu(one, built)];
    variants[one.variant] = { image: await describeImage(one, built), reports };
  }
  return Object.keys(variants).length > 0 ? { variants } : {};
}

function digestsOf({ variants }: ModelRecord): Pick<StageFile<"publish">, "variants"> {
  if (!variants) return {};
  const digests = Object.entries(variants).map(([name, { image }]) => [name, image.digest]);
  return { variants: Object.fromEntries(digests) };
}

async function isThere(
  { image, digest, bundle, record, attestations, variants = {} }: StageFile<"publish">,
  { instance }: FetchedSubject,
): Promise<boolean> {
  const parts = [
    digest,
    bundle,
    record,
    ...Object.values(attestations),
    ...Object.values(variants),
  ];
  for (const part of parts) {
    if (!(await resolveDigest(`${image}@${part}`))) return false;
  }
  // registry.json may trust other keys by now.
  return !(await attestationProblem(image, attestations, instance.signing));
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
  files.push({ path: "source.tar", mediaType: codeType });
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
  built: StageFile<"build">,
  tested: StageFile<"test">,
  weights: ModelRecord["weights"],
): Promise<ModelRecord> {
  return {
    schemaVersion: "1",
    id: subject.id,
    version: subject.version,
    engineVersion,
    image: await describeImage(subject, built),
    config: subject.config,
    weights,
    files: (await listFiles(subject.folder)).map(({ path, sha256, bytes }) => ({
      path,
      sha256,
      bytes,
    })),
    reports: [...tested.reports, ...reportOnGpu(subject, built)],
  };
}

async function describeWeights(subject: FetchedSubject): Promise<ModelRecord["weights"]> {
  const weights: ModelRecord["weights"] = [];
  for (const item of subject.config.weights) {
    const { path, bytes, sha256 } = await fetchWeights(item, subject);
    const file = weightsFileName(item);
    weights.push({ id: item.id, file, sha256, bytes, ...readNetwork(path, item.format) });
  }
  return weights;
}
