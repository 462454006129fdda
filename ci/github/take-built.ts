import { joinBuilt } from "../commands/build.ts";
import { joinTested } from "../commands/test.ts";
import { OursError } from "../errors.ts";
import { ensureImage, findImage, tagOf } from "../images/level.ts";
import { fetchImage } from "../images/oci.ts";
import { runtimeProblem } from "../images/runtime-check.ts";
import {
  type BuiltImage,
  baseLevel,
  buildOnRuntime,
  reference,
  runtimeLevel,
  type StackLevel,
  type StackOptions,
} from "../images/stack.ts";
import { partsOf, platformOf, requirePlatform, variantsOf } from "../platforms.ts";
import { writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { handedPart, requireHanded, unbuiltThere } from "./handed.ts";
import { loadImage, readImage } from "./layout.ts";
import { layoutOf } from "./pack.ts";

/** Folders with what other jobs handed on: those that built, and those that tested. */
export interface Handed {
  built: string;
  tested: string;
}

/**
 * Takes over what jobs without a token have built and tested, and puts the platforms together. The one
 * thing that is taken of a build is the runtime image, by digest and on our own base; engine and
 * deployment are made here once more, out of files alone, and have to be what was tested.
 */
export async function takeBuilt(
  subject: FetchedSubject,
  handed: Handed,
  options: StackOptions,
): Promise<void> {
  for (const one of [subject, ...variantsOf(subject)]) {
    for (const part of partsOf(one)) await takePart(part, subject, handed, options);
    await joinTested(one, await joinBuilt(one, options.staging));
  }
}

async function takePart(
  part: FetchedSubject,
  whole: FetchedSubject,
  { built, tested }: Handed,
  options: StackOptions,
): Promise<void> {
  const from = handedPart(part, whole, built);
  const unbuilt = unbuiltThere(from);
  if (unbuilt) return writeStage("unbuilt", part, unbuilt);
  const { images: told } = requireHanded("build", from);

  const base = await ensureBase(part, options);
  requireSame("base", base, told.base, part);
  const runtime = await takeRuntime(part, base, told.runtime, layoutOf(from), options);
  const { engine, deployment } = await buildOnRuntime(part, runtime, options);
  requireSame("engine", engine, told.engine, part);
  requireSame("deployment", deployment, told.deployment, part);
  writeStage("build", part, { key: part.key, images: { base, runtime, engine, deployment } });
  writeStage("test", part, requireHanded("test", handedPart(part, whole, tested)));
}

/** The base image as this job knows it: published by a job of ours, or made here. */
async function ensureBase(part: FetchedSubject, options: StackOptions): Promise<BuiltImage> {
  const level = await baseLevel(part.instance.platforms);
  const known = await findImage(level, part.instance, options.staging);
  if (known) return known;
  requirePlatform(platformOf(part));
  return ensureImage(level, part, options);
}

/** The runtime image that is published for these inputs, or the one that was handed on. */
async function takeRuntime(
  part: FetchedSubject,
  base: BuiltImage,
  told: Pick<BuiltImage, "digest" | "seconds">,
  layout: string,
  { staging }: StackOptions,
): Promise<BuiltImage> {
  // Its tag follows from the inputs: a job is not to choose under which others find it.
  const level = await runtimeLevel(part, base);
  const published = await findImage(level, part.instance, staging);
  if (published) {
    requireSame("runtime", published, told, part);
    return published;
  }
  const below = await fetchImage(reference(base));
  const problem = runtimeProblem(readImage(told.digest, layout), below, platformOf(part));
  if (problem) throw new OursError(`${nameOf(part)}: the runtime image ${told.digest}: ${problem}`);
  const runtime = {
    name: `${staging}/${level.name}`,
    tag: tagOf(level.key),
    digest: told.digest,
    seconds: told.seconds,
  };
  await loadImage(runtime, layout);
  return runtime;
}

function requireSame(
  level: StackLevel,
  ours: Pick<BuiltImage, "digest">,
  told: Pick<BuiltImage, "digest">,
  part: FetchedSubject,
): void {
  if (ours.digest === told.digest) return;
  throw new OursError(
    `${nameOf(part)}: expected the ${level} image ${ours.digest}, as it is known or made here, got ${told.digest} from the job that built\n  hint: run the workflow again; if it says the same, \`modelhub verify --rebuild\` shows what is not reproducible`,
  );
}

function nameOf(part: FetchedSubject): string {
  return `${part.id} ${part.version} for ${platformOf(part)}`;
}
