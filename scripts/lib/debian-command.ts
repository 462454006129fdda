import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { homeFolder } from "#ci/home.ts";

/** How to call a program. */
export interface DebianCommand {
  command: string;
  /** Where it finds its libraries, if not where the system has them: LD_LIBRARY_PATH. */
  libraries?: string;
}

/** A program from the path, or out of Debian's packages unpacked beside our other tools. */
export function debianCommand(name: string, packages: string[]): DebianCommand | undefined {
  if (spawnSync(name, ["--version"]).error === undefined) return { command: name };
  const folder = join(homeFolder("bench"), name);
  const command = join(folder, "usr/bin", name);
  if (!existsSync(command) && !unpack(packages, folder)) return undefined;
  const [library] = globSync(join(folder, "usr/lib/*/lib*.so.*"));
  return { command, ...(library && { libraries: dirname(library) }) };
}

function unpack(packages: string[], folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  if (spawnSync("apt-get", ["download", ...packages], { cwd: folder }).status !== 0) return false;
  const archives = globSync(join(folder, "*.deb"));
  return archives.every((archive) => spawnSync("dpkg-deb", ["-x", archive, folder]).status === 0);
}
