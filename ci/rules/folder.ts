import { join } from "node:path";
import { type Contribution, configFile } from "../contribution.ts";
import type { Problem } from "../problems.ts";

/** What all rules ask of a contributor's folder, and how they speak of it. */

/** Whether a path is a file of the folder; a symbolic link is none. */
export function hasFile({ files }: Contribution, path: string): boolean {
  const wanted = plain(path);
  return files.some((file) => file.path === wanted && file.mode !== 0o120000);
}

/** `./samples//a.png` as the list of files has it: `samples/a.png`. */
export function plain(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Folders of the Dockerfiles, by the key that names them; without those that the config has a wrong word for. */
export function runtimeFolders({ config, parts, configText }: Contribution): Map<string, string> {
  const folders = new Map<string, string>();
  const isNamed = config === undefined && /"runtime"\s*:/.test(configText);
  if (parts.runtime !== undefined || !isNamed)
    folders.set("runtime", plain(parts.runtime ?? "runtime"));
  for (const [variant, { runtime }] of Object.entries(parts.variants ?? {}))
    folders.set(`variants.${variant}.runtime`, plain(runtime));
  return folders;
}

/** A problem of modelhub.json. */
export function inConfig({ shown }: Contribution, problem: Omit<Problem, "file">): Problem {
  return { file: join(shown, configFile), ...problem };
}
