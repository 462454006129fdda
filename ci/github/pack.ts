import { join } from "node:path";
import { partOf, variantsOf } from "../platforms.ts";
import { readStage, requireStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { handedPart, requireHanded, unbuiltThere } from "./handed.ts";
import { loadLayout, saveLayout } from "./layout.ts";

/** What a job that builds hands to one that tests; neither has a token. */

/** Writes the images that a job built for a platform beside the stages' files, as OCI layouts. */
export async function pack(subject: FetchedSubject, platform: string): Promise<void> {
  for (const one of [subject, ...variantsOf(subject)]) {
    const part = partOf(one, platform);
    if (!readStage("unbuilt", part))
      await saveLayout(requireStage("build", part).images, layoutOf(part));
  }
}

/** Pushes what was packed for a platform to staging, each file held against its digest. */
export async function unpack(
  subject: FetchedSubject,
  platform: string,
  { from, staging }: { from: string; staging: string },
): Promise<void> {
  for (const one of [subject, ...variantsOf(subject)]) {
    const part = partOf(one, platform);
    const handed = handedPart(part, subject, from);
    const unbuilt = unbuiltThere(handed);
    if (unbuilt) {
      writeStage("unbuilt", part, unbuilt);
      continue;
    }
    const images = inStaging(requireHanded("build", handed).images, subject, staging);
    await loadLayout(images, layoutOf(handed));
    writeStage("build", part, { key: part.key, images });
  }
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

/** Where the layout of a part lies beside its stages' files. */
export function layoutOf({ work }: Pick<FetchedSubject, "work">): string {
  return join(work, "images");
}
