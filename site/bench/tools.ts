import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { homeFolder } from "#ci/home.ts";

/** A folder with one package of npm in its node_modules, apart from the packages of the project. */
export function packageFolder(name: string, version: string): string {
  const folder = join(homeFolder("bench"), `${name.replace(/.*\//, "")}-${version}`);
  if (existsSync(join(folder, "node_modules", name))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...options, `${name}@${version}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return folder;
}

/** Hugo from the path, or Debian's package unpacked beside our other tools. */
export function hugoCommand(): { command: string; libraries?: string } | undefined {
  if (spawnSync("hugo", ["version"]).status === 0) return { command: "hugo" };
  const folder = join(homeFolder("bench"), "hugo");
  const command = join(folder, "usr/bin/hugo");
  if (!existsSync(command) && !unpack(["hugo", "libsass1"], folder)) return undefined;
  const [library] = globSync(join(folder, "usr/lib/*/libsass.so.*"));
  return { command, ...(library && { libraries: dirname(library) }) };
}

function unpack(packages: string[], folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  if (spawnSync("apt-get", ["download", ...packages], { cwd: folder }).status !== 0) return false;
  const archives = globSync(join(folder, "*.deb"));
  return archives.every((archive) => spawnSync("dpkg-deb", ["-x", archive, folder]).status === 0);
}
