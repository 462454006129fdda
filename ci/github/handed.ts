import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { OursError } from "../errors.ts";
import { readJson } from "../files.ts";
import { readStage, type StageFile, type StageName } from "../stage-files.ts";
import type { Subject } from "../subject.ts";

/**
 * One platform's part of a version, with its stages' files in the folder that another job handed on.
 * What lies there is read as data, and never mixed with what this job writes.
 */
export function handedPart<Part extends Subject>(part: Part, whole: Subject, folder: string): Part {
  return { ...part, work: join(folder, relative(whole.work, part.work)) };
}

/** The reason why another job could not build a part. Undefined where it did; throws where it is no reason. */
export function unbuiltThere(
  handed: Pick<Subject, "id" | "version" | "key" | "work">,
): StageFile<"unbuilt"> | undefined {
  return existsSync(join(handed.work, "unbuilt.json"))
    ? requireHanded("unbuilt", handed)
    : undefined;
}

/** What a stage of another job made of exactly this version's inputs. Throws where it is missing, or of others. */
export function requireHanded<Name extends StageName>(
  name: Name,
  handed: Pick<Subject, "id" | "version" | "key" | "work">,
): StageFile<Name> {
  const found = readStage(name, handed);
  if (found) return found;
  const { id, version, key, work } = handed;
  const file = join(work, `${name}.json`);
  const { key: got } = (readJson(file) ?? {}) as { key?: unknown };
  const other = typeof got === "string" && got !== key;
  throw new OursError(
    `${id} ${version}: expected what \`${name}\` made of its inputs, whose key is ${key}, in ${file}\n  got ${other ? `that of ${got.slice(0, 64)}` : "nothing of its shape"}\n  hint: run the workflow again; a job of another version may not hand on in its name`,
  );
}
