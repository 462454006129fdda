import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Folder of the program itself: the checkout. */
export const root = resolve(import.meta.dirname, "..");

/** Folder for what can be fetched or made again; outside every checkout. */
export const home = resolve(
  process.env["MODELHUB_HOME"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "modelhub"),
);

/** A folder inside the home, made when it is missing. */
export function homeFolder(...parts: string[]): string {
  const folder = join(home, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
