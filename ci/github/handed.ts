import { join, relative } from "node:path";
import type { Subject } from "../subject.ts";

/**
 * One platform's part of a version, with its stages' files in the folder that another job handed on.
 * What lies there is read as data, and never mixed with what this job writes.
 */
export function handedPart<Part extends Subject>(part: Part, whole: Subject, folder: string): Part {
  return { ...part, work: join(folder, relative(whole.work, part.work)) };
}
