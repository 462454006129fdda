import { rmSync } from "node:fs";
import { join } from "node:path";
import { joinBuilt } from "../commands/build.ts";
import { joinTested } from "../commands/test.ts";
import { partOf, partsOf, variantsOf } from "../platforms.ts";
import { readStage, requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { loadLayout, saveLayout } from "./layout.ts";

/**
 * Takes over what jobs of one platform each have built and tested: pushes their images to staging, and
 * puts them under one index. Runs nothing of the contributor's.
 */
export async function unpack(subject: FetchedSubject, staging: string): Promise<void> {
  // What is published is ours to say, not of a job that built.
  rmSync(join(subject.work, "publish.json"), { force: true });
  for (const one of [subject, ...variantsOf(subject)]) await unpackOne(one, staging);
}

async function unpackOne(subject: FetchedSubject, staging: string): Promise<void> {
  for (const part of partsOf(subject)) {
    if (readStage("unbuilt", part)) continue;
    const images = inStaging(requireStage("build", part).images, subject, staging);
    await loadLayout(images, layoutOf(part));
    writeStage("build", part, { key: part.key, images });
  }
  await joinTested(subject, await joinBuilt(subject, staging));
}

/** The images under our own names for them: a job is not to choose where we push. */
function inStaging(
  images: StageFile<"build">["images"],
  { id }: FetchedSubject,
  staging: string,
): StageFile<"build">["images"] {
  const { base, runtime, engine, deployment } = images;
  return {
    base: { ...base, name: `${staging}/base` },
    runtime: { ...runtime, name: `${staging}/runtime` },
    engine: { ...engine, name: `${staging}/engine` },
    deployment: { ...deployment, name: `${staging}/models/${id}` },
  };
}

/** Writes the images that a job built for a platform beside the stages' files, as OCI layouts. */
export async function pack(subject: FetchedSubject, platform: string): Promise<void> {
  for (const one of [subject, ...variantsOf(subject)]) {
    const part = partOf(one, platform);
    if (!readStage("unbuilt", part))
      await saveLayout(requireStage("build", part).images, layoutOf(part));
  }
}

function layoutOf({ work }: FetchedSubject): string {
  return join(work, "images");
}
