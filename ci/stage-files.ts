import { join } from "node:path";
import { z } from "zod";
import { Attestations } from "#schema/lock.ts";
import { Digest, Sha256, Unbuilt, Variant } from "#schema/primitives.ts";
import { Report } from "#schema/record.ts";
import { OursError } from "./errors.ts";
import { readJson, writeJson } from "./files.ts";
import type { Subject } from "./subject.ts";

/** The files that a stage hands to the next one; each is read as data and checked. */

const Image = z.object({ name: z.string(), tag: z.string(), digest: Digest, seconds: z.number() });

const shapes = {
  /** Written by `build`. */
  build: z.object({
    key: Sha256,
    images: z.object({ base: Image, runtime: Image, engine: Image, deployment: Image }),
    unbuilt: Unbuilt.optional(),
  }),
  /** Written by `build` instead, for a platform that the model can't be built for. */
  unbuilt: z.object({ key: Sha256, reason: Unbuilt.valueType }),
  /** Written by `test`. */
  test: z.object({ key: Sha256, image: Digest, reports: z.array(Report) }),
  /** Written by `test --device cuda`. */
  gpu: z.object({ key: Sha256, image: Digest, report: Report }),
  /** Written by `publish`. */
  publish: z.object({
    key: Sha256,
    image: z.string(),
    digest: Digest,
    bundle: Digest,
    record: Digest,
    /** Digests of the variants' images. */
    variants: z.partialRecord(Variant, Digest).optional(),
    attestations: Attestations,
  }),
};

export type StageName = keyof typeof shapes;
export type StageFile<Name extends StageName> = z.infer<(typeof shapes)[Name]>;

/** What a stage wrote for exactly these inputs, or undefined: then the stage has to run. */
export function readStage<Name extends StageName>(
  name: Name,
  subject: Pick<Subject, "work" | "key">,
): StageFile<Name> | undefined {
  const parsed = shapes[name].safeParse(readJson(join(subject.work, `${name}.json`)));
  if (!parsed.success || parsed.data.key !== subject.key) return undefined;
  return parsed.data as StageFile<Name>;
}

/** Writes what a stage found for these inputs, for the next one. */
export function writeStage<Name extends StageName>(
  name: Name,
  subject: Pick<Subject, "work">,
  content: StageFile<Name>,
): void {
  writeJson(join(subject.work, `${name}.json`), content);
}

/** The same, for a stage that must have run before. */
export function requireStage<Name extends StageName>(
  name: Name,
  subject: Pick<Subject, "id" | "version" | "work" | "key">,
): StageFile<Name> {
  const found = readStage(name, subject);
  if (found) return found;
  throw new OursError(
    `${subject.id} ${subject.version}: \`${name}\` has not run for its present inputs\n  hint: \`modelhub ${name} ${subject.id}@${subject.version}\` comes before this command`,
  );
}
