import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { ContributionError } from "./errors.ts";
import { shownPath } from "./registry.ts";

/** Throws where a catalog or a site would take the place of something else than an earlier one. */
export function requireReplaceable(folder: string): void {
  const item = statSync(folder, { throwIfNoEntry: false });
  if (!item || existsSync(join(folder, "api", "v1", "models.json"))) return;
  if (item.isDirectory() && readdirSync(folder).length === 0) return;
  throw new ContributionError({
    file: shownPath(folder),
    expected: "a new or empty folder, or an earlier catalog or site",
    got: item.isDirectory() ? "a folder with other files" : "a file",
    hint: "name another folder with --out",
  });
}

/** Puts a folder in the place of an empty one. */
export function moveFolder(from: string, to: string): void {
  orCopied(from, to, () => renameSync(from, to));
}

/**
 * Gives all files of a folder a second name below another one, in a sixth of the time of a copy. For
 * files that are replaced and never changed where they lie.
 */
export function linkFolder(from: string, to: string): void {
  orCopied(from, to, () => linkFiles(from, to));
}

function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const item of readdirSync(from, { withFileTypes: true })) {
    const place = item.isDirectory() ? linkFiles : linkSync;
    place(join(from, item.name), join(to, item.name));
  }
}

/** Other file systems take neither names nor links, so what lies there is copied. */
function orCopied(from: string, to: string, place: () => void): void {
  try {
    place();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    cpSync(from, to, { recursive: true });
  }
}
