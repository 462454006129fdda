import { spawnSync } from "node:child_process";
import {
  type Dirent,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { Config } from "#schema/config.ts";
import { withoutExtensions } from "#schema/documents.ts";
import { ContributionError } from "./errors.ts";
import { sha256 } from "./files.ts";
import type { Problem } from "./problems.ts";
import { shownPath } from "./registry.ts";
import { parseDocument } from "./shape.ts";

export const configFile = "modelhub.json";

/** A file of a contributor's folder. */
export interface ContributionFile {
  /** Path inside the folder, with forward slashes. */
  path: string;
  bytes: number;
  /** Mode as git stores it: 0o100644, 0o100755, or 0o120000 for a symbolic link. */
  mode: number;
}

export interface Contribution {
  folder: string;
  /** The folder as messages name it. */
  shown: string;
  /** Absent when modelhub.json is wrong. */
  config?: Config;
  /** The keys of modelhub.json that are right, so that the rest of the folder can be checked all the same. */
  parts: Partial<Config>;
  configText: string;
  /** Sorted by path. */
  files: ContributionFile[];
  problems: Problem[];
}

export interface ReadOptions {
  /** Name of the folder in messages. */
  shown?: string;
  /** Leave out what git ignores: for a folder on its author's machine. */
  skipIgnored?: boolean;
  /** Where to stop; more is most likely build output. */
  maxFiles?: number;
}

/** Reads a contributor's folder: its config, and the list of its files. Opens nothing outside of it. */
export function readContribution(folder: string, options: ReadOptions = {}): Contribution {
  const shown = options.shown ?? shownPath(folder);
  const { files, problems } = listFiles(folder, shown, options);
  const file = join(shown, configFile);
  const contribution: Contribution = { folder, shown, parts: {}, configText: "", files, problems };
  const item = lstatSync(join(folder, configFile), { throwIfNoEntry: false });
  if (!item?.isFile()) {
    const got = item === undefined ? "nothing" : "a link or a folder";
    problems.push({ file, expected: "the config of the model", got });
    return contribution;
  }
  if (item.size > maxConfigBytes) {
    problems.push({ file, expected: "at most 1 MiB", got: `${item.size} bytes` });
    return contribution;
  }
  const configText = readFileSync(join(folder, configFile), "utf8");
  const { value, json, problems: found } = parseDocument("config", configText, file);
  contribution.configText = configText;
  problems.unshift(...found);
  contribution.parts = value ?? validParts(json);
  if (value) contribution.config = value;
  return contribution;
}

/** The config of a folder that has been checked, with its hash. Throws every problem of the config. */
export function requireConfig(folder: string): { config: Config; configSha256: string } {
  if (!existsSync(folder)) {
    throw new ContributionError({
      file: folder,
      expected: "a contributor's folder",
      got: "nothing",
      hint: "correct the path; `npx modelhub list` prints how a model of the registry is run",
    });
  }
  if (!existsSync(join(folder, configFile))) throw new ContributionError(noContribution(folder));
  const { config, configText, problems } = readContribution(folder);
  if (!config || problems.length > 0) throw new ContributionError(problems);
  return { config, configSha256: sha256(configText) };
}

/** A path where a contributor's folder should be. */
export function noContribution(path: string): Problem {
  const problem = { file: shownPath(path), expected: `a folder with ${configFile}` };
  if (!existsSync(path)) return { ...problem, got: "nothing", hint: "correct the path" };
  if (basename(path) === configFile)
    return { ...problem, got: "the file itself", hint: "name the folder that it is in" };
  const isOld = ["contrib_src", "."].some((part) =>
    existsSync(join(path, part, "model", "config.json")),
  );
  const hint = isOld
    ? `\`npx modelhub adopt ${path}\` writes one for a repository of the first ModelHub.AI`
    : "contrib-template/README.md tells what belongs into it";
  return { ...problem, got: `no ${configFile} in it`, hint };
}

const maxConfigBytes = 1_048_576;
const modes = { file: 0o100644, program: 0o100755, link: 0o120000 } as const;

function validParts(json: unknown): Partial<Config> {
  const keys = withoutExtensions(json);
  if (typeof keys !== "object" || keys === null) return {};
  return Object.fromEntries(
    Object.entries(Config.shape).flatMap(([key, schema]) => {
      const result = schema.safeParse((keys as Record<string, unknown>)[key]);
      return result.success && result.data !== undefined ? [[key, result.data]] : [];
    }),
  );
}

function listFiles(
  folder: string,
  shown: string,
  { skipIgnored = false, maxFiles = 10_000 }: ReadOptions,
): { files: ContributionFile[]; problems: Problem[] } {
  const files: ContributionFile[] = [];
  const problems: Problem[] = [];
  const top = realpathSync(folder);
  const ignored = skipIgnored ? ignoredByGit(top) : new Set<string>();
  walk("");
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, problems };

  function walk(under: string): void {
    for (const item of readdirSync(join(top, under), { withFileTypes: true })) {
      const path = under === "" ? item.name : `${under}/${item.name}`;
      if (item.name === ".git" && under === "") continue;
      if (ignored.has(path) || ignored.has(`${path}/`)) continue;
      if (files.length === maxFiles) {
        problems.push(tooManyFiles(shown, maxFiles));
        return;
      }
      visit(path, item);
    }
  }

  function visit(path: string, item: Dirent): void {
    const file = `${shown}/${path}`;
    const refuse = (expected: string, got: string, hint?: string) =>
      problems.push({ file, expected, got, hint });
    // Node shows bytes that are no UTF-8 as U+FFFD; such a file could not be named in a config.
    if (/[\\\p{Cc}\uFFFD]/u.test(item.name)) {
      refuse("a name in UTF-8 without backslashes and control characters", "another name");
    } else if (item.name === ".git" || path === ".gitmodules") {
      refuse(
        "all files in this repository",
        "a git submodule",
        "copy the files that the model needs into the folder",
      );
    } else if (item.isDirectory()) {
      walk(path);
    } else if (item.isSymbolicLink()) {
      const reason = whyLinkIsRefused(top, path);
      if (reason) refuse("a link to a file of the folder", reason, "put the file itself there");
      else files.push({ path, bytes: lstatSync(join(top, path)).size, mode: modes.link });
    } else if (item.isFile()) {
      const { size, mode } = lstatSync(join(top, path));
      files.push({ path, bytes: size, mode: mode & 0o100 ? modes.program : modes.file });
    } else {
      refuse("a file, folder or link", "a device, pipe or socket", "remove it");
    }
  }
}

function tooManyFiles(file: string, maxFiles: number): Problem {
  return {
    file,
    expected: `at most ${maxFiles.toLocaleString("en")} files`,
    got: "more",
    hint: "name build output and virtual environments in .gitignore",
  };
}

/** Why a symbolic link cannot be kept, or nothing when its target is a file or folder inside. */
function whyLinkIsRefused(top: string, path: string): string | undefined {
  const target = readlinkSync(join(top, path));
  if (isAbsolute(target)) return "a link to an absolute path";
  let real: string;
  try {
    real = realpathSync(join(top, path));
  } catch {
    return "a link to nothing";
  }
  const inside = relative(top, real);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    return "a link that leaves it";
  if (inside === "") return "a link to the folder itself";
  if (inside === ".git" || inside.startsWith(`.git${sep}`)) return "a link into .git";
  return undefined;
}

/** Paths that git ignores, folders with a slash at their end; none where git is not at work. */
function ignoredByGit(folder: string): Set<string> {
  const { status, stdout } = spawnSync(
    "git",
    ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"],
    { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1_048_576 },
  );
  return new Set(status === 0 ? stdout.split("\0").filter(Boolean) : []);
}
