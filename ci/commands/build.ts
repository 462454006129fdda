import { resolveDigest } from "../images/oci.ts";
import { buildStack, reference, type StackOptions } from "../images/stack.ts";
import { readStage, type StageFile, writeStage } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";

/** Builds the stack of a model into the staging namespace. Does nothing when it is there already. */
export async function build(
  subject: FetchedSubject,
  options: StackOptions,
): Promise<StageFile<"build">> {
  const before = readStage("build", subject);
  if (before && (await resolveDigest(reference(before.images.deployment)))) return before;
  const images = await buildStack(subject, options);
  const result = { key: subject.key, images };
  writeStage("build", subject, result);
  return result;
}
