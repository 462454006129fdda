import type { Platform, Unbuilt } from "#schema/primitives.ts";
import { ContributionError } from "../errors.ts";
import { keyOf } from "../files.ts";
import { joinPlatforms } from "../images/join.ts";
import { resolveDigest } from "../images/oci.ts";
import {
  baseLevel,
  buildStack,
  deploymentNames,
  engineLevel,
  reference,
  type StackLevel,
  type StackOptions,
} from "../images/stack.ts";
import { failedStep, missingPackage } from "../images/unbuildable.ts";
import { partsOf, platformOf, requirePlatform, runtimeFolder, variantsOf } from "../platforms.ts";
import { ProcessError } from "../process.ts";
import { readStage, requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject, Subject } from "../subject.ts";

/**
 * Builds the stack of a model into the staging namespace, each platform by itself, and that of its
 * variants. Does nothing when it is there already.
 */
export async function build(
  subject: FetchedSubject,
  options: StackOptions,
): Promise<StageFile<"build">> {
  const built = (await builtBefore(subject)) ?? (await buildParts(subject, options));
  for (const variant of variantsOf(subject)) {
    options.say(`its variant ${variant.variant}`);
    await build(variant, options);
  }
  return built;
}

async function buildParts(
  subject: FetchedSubject,
  options: StackOptions,
): Promise<StageFile<"build">> {
  for (const part of partsOf(subject)) {
    if (part !== subject) options.say(`for ${platformOf(part)}`);
    await buildPart(part, options);
  }
  return joinBuilt(subject, options.staging);
}

/** Builds a model for one platform, or notes why there is no such image. */
export async function buildPart(part: FetchedSubject, options: StackOptions): Promise<void> {
  if (readStage("unbuilt", part) || (await builtBefore(part))) return;
  const platform = platformOf(part);
  const { key } = part;
  requirePlatform(platform);
  try {
    writeStage("build", part, { key, images: await buildStack(part, options) });
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const reason = missingPackage(error.output);
    const dockerfile = `${runtimeFolder(part.config, part.variant)}/Dockerfile`;
    if (!reason) throw failedStep(error.output, dockerfile) ?? error;
    options.say(`no image for ${platform}: ${reason}`);
    writeStage("unbuilt", part, { key, reason });
  }
}

/**
 * Puts the images of all platforms under one name each. Builds and runs nothing: every platform's
 * images, or the reason why there are none, have to be there.
 */
export async function joinBuilt(subject: Subject, staging: string): Promise<StageFile<"build">> {
  const { key } = subject;
  const parts = new Map<Platform, StageFile<"build">>();
  const unbuilt: Unbuilt = {};
  for (const part of partsOf(subject)) {
    const reason = readStage("unbuilt", part)?.reason;
    if (reason) unbuilt[platformOf(part)] = reason;
    else parts.set(platformOf(part), requireStage("build", part));
  }
  const [only] = parts.values();
  if (!only) throw nowhere(unbuilt);
  if (subject.instance.platforms.length === 1) return only;
  const images = await joinLevels(subject, parts, staging);
  const result = { key, images, ...(Object.keys(unbuilt).length > 0 && { unbuilt }) };
  writeStage("build", subject, result);
  return result;
}

async function joinLevels(
  subject: Subject,
  parts: ReadonlyMap<Platform, StageFile<"build">>,
  staging: string,
): Promise<StageFile<"build">["images"]> {
  const platforms = [...parts.keys()];
  const join = (level: StackLevel, name: { name: string; key: string }) => {
    const images = [...parts].map(([platform, part]) => [platform, part.images[level]] as const);
    return joinPlatforms(name, new Map(images), staging);
  };
  const base = await join("base", await baseLevel(platforms));
  const tags = [...parts.values()].map(({ images }) => images.runtime.tag);
  const runtime = await join("runtime", { name: "runtime", key: keyOf(tags) });
  const engine = await join("engine", await engineLevel(platforms, runtime));
  const deployment = await join("deployment", deploymentNames(subject, engine));
  return { base, runtime, engine, deployment };
}

async function builtBefore(subject: Subject): Promise<StageFile<"build"> | undefined> {
  const before = readStage("build", subject);
  return before && (await resolveDigest(reference(before.images.deployment))) ? before : undefined;
}

function nowhere(unbuilt: Unbuilt): ContributionError {
  const problems = Object.entries(unbuilt).map(([platform, got]) => ({
    file: "runtime/Dockerfile",
    expected: `an image for ${platform}, or for another platform of the registry`,
    got,
  }));
  return new ContributionError(problems);
}
