import { join } from "node:path";
import type { Platform } from "#schema/primitives.ts";
import { fixModes, keyOf, listFiles, makeFolder, readJson } from "../files.ts";
import { homeFolder } from "../home.ts";

/** The base image: Debian with Python, the same bytes from the same packages. */

const folder = join(import.meta.dirname, "base");

interface Recipe {
  suite: string;
  packages: string[];
  /** Day whose security updates are in; a later day makes a new base. */
  release: string;
}

const recipe = readJson(join(folder, "recipe.json")) as Recipe;

/** Hash of all that the base is made from. */
export async function baseKey(): Promise<string> {
  return keyOf({
    recipe,
    files: await listFiles(folder),
    arguments: mmdebstrapArguments("linux/amd64", ""),
  });
}

/** The build context of the base image, with a root file system for each platform. */
export async function baseContext(platforms: readonly Platform[]): Promise<string> {
  return makeFolder(
    join(homeFolder("base"), keyOf([await baseKey(), platforms])),
    async (aside) => {
      // Whoever asks for the key alone, such as `plan`, starts no process.
      const { run } = await import("../process.ts");
      await run("cp", ["-r", `${folder}/.`, aside]);
      fixModes(aside);
      for (const platform of platforms) {
        const file = join(aside, `${platform.split("/")[1]}.tar`);
        await run("mmdebstrap", mmdebstrapArguments(platform, file), {
          env: { SOURCE_DATE_EPOCH: "0" },
          about: `base image, ${platform}`,
        });
      }
    },
  );
}

function mmdebstrapArguments(platform: Platform, file: string): string[] {
  const without = [
    "/usr/share/man/*",
    "/usr/share/locale/*",
    "/usr/share/doc/*",
    "/usr/share/info/*",
  ];
  return [
    ...["--variant=minbase", `--architectures=${platform.split("/")[1]}`],
    `--include=${recipe.packages.join(",")}`,
    '--aptopt=APT::Install-Recommends "false"',
    ...without.map((path) => `--dpkgopt=path-exclude=${path}`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    // File times become 0 in the image; byte code that remembers other times would be made anew at each start.
    '--customize-hook=chroot "$1" python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/lib/python3 /usr/lib/python3.13',
    '--customize-hook=rm -rf "$1"/var/log/* "$1"/var/cache/ldconfig "$1"/var/cache/apt/*.bin',
    recipe.suite,
    file,
  ];
}
