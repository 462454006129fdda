import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ContributionError } from "../errors.ts";

/** What a registry held at a commit. */
export interface Base {
  ids: Set<string>;
  /** Text of each `models/<id>/<version>/source.json` that differs today, by its path; undefined: it is gone. */
  changed: Map<string, { was: string; is: string | undefined }>;
  /** Path of each file below `releases/`, and whether it is today what it was. */
  released: Map<string, boolean>;
}

/** The registry at a commit, HEAD unless told; undefined where the folder lies in no git work tree. */
export function readBase(folder: string, ref?: string): Base | undefined {
  const inside = git(folder, ["rev-parse", "--is-inside-work-tree"])?.trim() === "true";
  const commit = git(folder, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${ref ?? "HEAD"}^{commit}`,
  ])?.trim();
  if (!inside || !commit) {
    if (ref === undefined) return undefined;
    throw new ContributionError({
      file: "--base",
      expected: "a commit that git knows here",
      got: JSON.stringify(ref),
      hint: "`git fetch` brings the branches of the registry",
    });
  }
  const tree = git(folder, ["ls-tree", "-r", "-z", commit, "--", "models", "releases"]) ?? "";
  const files = tree.split("\0").flatMap((line) => {
    const [, hash, path] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    return hash && path ? [{ hash, path }] : [];
  });
  const sources = files.flatMap(({ hash, path }) => {
    const [, id] = /^models\/([^/]+)\/[^/]+\/source\.json$/.exec(path) ?? [];
    return id ? [{ hash, path, id }] : [];
  });
  const released = files.filter(({ path }) => path.startsWith("releases/"));
  return {
    ids: new Set(sources.map(({ id }) => id)),
    changed: new Map(sources.flatMap(({ hash, path }) => changeOf(folder, path, hash))),
    released: new Map(released.map(({ hash, path }) => [path, isAsBefore(folder, path, hash)])),
  };
}

function changeOf(
  folder: string,
  path: string,
  hash: string,
): [string, { was: string; is: string | undefined }][] {
  if (isAsBefore(folder, path, hash)) return [];
  const was = git(folder, ["cat-file", "blob", hash]) ?? "";
  return [[path, { was, is: readIfThere(join(folder, path))?.toString("utf8") }]];
}

/** git's own hash tells equal files apart from others without asking git 10,000 times. */
function isAsBefore(folder: string, path: string, hash: string): boolean {
  const bytes = readIfThere(join(folder, path));
  return bytes !== undefined && blobHash(bytes, hash.length === 64 ? "sha256" : "sha1") === hash;
}

function blobHash(bytes: Buffer, algorithm: "sha1" | "sha256"): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // Missing, or a folder by now: either way the file is gone.
    return undefined;
  }
}

/** Output of a git command, or undefined when it fails or git is not there. */
function git(folder: string, args: string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 256 * 1_048_576,
  });
  return status === 0 ? stdout : undefined;
}
