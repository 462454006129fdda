import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes text into the folder that is being filled aside, so nobody reads half of it. */
export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`);
}

/** JSON for programs alone, without spaces. */
export function writeCompact(path: string, value: unknown): void {
  writeText(path, JSON.stringify(value));
}
