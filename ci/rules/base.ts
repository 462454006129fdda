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
  const tree = git(folder, ["ls-tree", "-r", "-z", commit, "--", "models"]) ?? "";
  const blobs = tree.split("\0").flatMap((line) => {
    const match = /^\d+ blob ([0-9a-f]+)\t(models\/([^/]+)\/[^/]+\/source\.json)$/.exec(line);
    const [, hash, path, id] = match ?? [];
    return hash && path && id ? [{ hash, path, id }] : [];
  });
  return {
    ids: new Set(blobs.map(({ id }) => id)),
    changed: new Map(blobs.flatMap(({ hash, path }) => changeOf(folder, path, hash))),
  };
}

function changeOf(
  folder: string,
  path: string,
  hash: string,
): [string, { was: string; is: string | undefined }][] {
  const bytes = readIfThere(join(folder, path));
  // git's own hash tells equal files apart from others without asking git 10,000 times.
  if (bytes && blobHash(bytes, hash.length === 64 ? "sha256" : "sha1") === hash) return [];
  const was = git(folder, ["cat-file", "blob", hash]) ?? "";
  return [[path, { was, is: bytes?.toString("utf8") }]];
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
