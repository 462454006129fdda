import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes text into the folder that is being filled aside, so nobody reads half of it. */
export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, ended(text));
}

/** Writes all files of one folder, by name; none makes no folder. */
export function writeTexts(folder: string, files: Iterable<[name: string, text: string]>): void {
  let isMade = false;
  for (const [name, text] of files) {
    if (!isMade) mkdirSync(folder, { recursive: true });
    isMade = true;
    writeFileSync(join(folder, name), ended(text));
  }
}

const ended = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);
