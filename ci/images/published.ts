import type { Instance } from "#schema/instance.ts";
import type { Platform } from "#schema/primitives.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { OursError } from "../errors.ts";
import { builtPlatforms, partsOf, requirePlatform } from "../platforms.ts";
import { readStage, type StageFile } from "../stage-files.ts";
import type { Subject } from "../subject.ts";
import { ensureImage, findPublished } from "./level.ts";
import { copy, fetchManifest, platformDigests, resolveDigest } from "./oci.ts";
import { baseLevel, reference, type StackOptions, stackLevels } from "./stack.ts";

/** Images in the registry's own namespace. */

/** Copies a stack from staging to the registry; the tag of the version comes last. */
export async function copyStack(subject: Subject, { images }: StageFile<"build">): Promise<void> {
  for (const level of stackLevels) {
    const from = images[level];
    const name = level === "deployment" ? `models/${subject.id}` : level;
    const to = `${subject.instance.images}/${name}`;
    await copyChecked(reference(from), `${to}:${from.tag}`, from.digest);
    if (level === "deployment")
      await copyChecked(`${to}@${from.digest}`, `${to}:${versionTag(subject)}`, from.digest);
    // A builder of one platform finds what is published for it.
    for (const part of partsOf(subject)) {
      const own = readStage("build", part)?.images[level];
      if (own && own.tag !== from.tag)
        await copyChecked(`${to}@${own.digest}`, `${to}:${own.tag}`, own.digest);
    }
  }
}

/** Makes the base image of a platform, from our own recipe alone, and publishes it. Returns its digest. */
export async function publishBase(
  instance: Instance,
  platform: Platform,
  options: StackOptions,
): Promise<string> {
  requirePlatform(platform);
  const level = await baseLevel([platform]);
  const about = { id: "the base image", version: platform };
  const wanted = { ...about, instance: { ...instance, platforms: [platform] } };
  const { name, tag, digest } = await ensureImage(level, wanted, options);
  await copyChecked(`${name}@${digest}`, `${instance.images}/base:${tag}`, digest);
  return digest;
}

/** Those of the registry's platforms whose base image is not published. */
export async function platformsWithoutBase({ images, platforms }: Instance): Promise<Platform[]> {
  const without: Platform[] = [];
  for (const platform of platforms) {
    const level = await baseLevel([platform]);
    if (!(await findPublished(level, images))) without.push(platform);
  }
  return without;
}

/** The tag that people know a published image by. */
function versionTag({ version, variant }: Subject): string {
  return variant ? `${version}-${variant}` : version;
}

async function copyChecked(from: string, to: string, digest: string): Promise<void> {
  if ((await resolveDigest(to)) !== digest) await copy(from, to);
  const there = await resolveDigest(to);
  if (there !== digest) throw new OursError(`${to} holds ${there ?? "nothing"}, not ${digest}`);
}

/** What a record says of a published image: digest and compressed size for each platform. */
export async function describeImage(
  { id, instance }: Subject,
  { images, unbuilt }: StageFile<"build">,
): Promise<ModelRecord["image"]> {
  const name = `${instance.images}/models/${id}`;
  const { digest } = images.deployment;
  const platforms: Partial<Record<Platform, { digest: string; bytes: number }>> = {};
  const wanted = builtPlatforms(instance, unbuilt);
  for (const [platform, part] of await platformDigests(`${name}@${digest}`, wanted)) {
    const { layers = [] } = await fetchManifest(`${name}@${part}`);
    platforms[platform] = { digest: part, bytes: layers.reduce((sum, { size }) => sum + size, 0) };
  }
  return { digest, platforms, ...(unbuilt && { unbuilt }) };
}
