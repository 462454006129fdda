import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "#schema/entry.ts";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import { unpackBundle } from "./bundle.ts";
import { ContributionError, RetryError } from "./errors.ts";
import { fixModes, keyOf, makeFolder } from "./files.ts";
import { homeFolder, root } from "./home.ts";
import { isOffline } from "./offline.ts";
import { ProcessError, run } from "./process.ts";

/**
 * The contributor's folder at the entry's commit, fetched once and kept by commit. What was published
 * comes out of our own registry, so that it outlives its author's host.
 * Throws ContributionError when the repository lacks the commit or the commit lacks the folder.
 */
export async function fetchSource(
  source: Source,
  { instance, lock }: { instance: Instance; lock?: Lock },
): Promise<{ folder: string }> {
  const { repository, revision, path = "." } = source;
  const folder = join(homeFolder("sources"), keyOf({ repository, revision, path }));
  await makeFolder(folder, async (aside) => {
    if (!lock || !(await unpackBundle(lock, source, aside))) {
      const git = await objectsOf(repository, revision, instance);
      await extract(git, revision, path, aside);
    }
    fixModes(aside);
  });
  return { folder };
}

type Git = (args: string[], env?: Record<string, string>) => Promise<string>;

/** A git command over a repository that holds the commit. */
async function objectsOf(repository: string, revision: string, instance: Instance): Promise<Git> {
  // Models that live in the registry's own repository need no network: this checkout has them.
  if (repository === instance.repository) {
    const here: Git = (args, env = {}) => run("git", ["-C", root, ...args], { env });
    if (await hasCommit(here, revision)) return here;
  }
  const copy = join(homeFolder("git"), keyOf([repository, revision]));
  await makeFolder(copy, async (aside) => {
    await run("git", ["init", "--quiet", "--bare", aside]);
    await fetchCommit(aside, repository, revision);
  });
  return (args, env = {}) => run("git", ["--git-dir", copy, ...args], { env });
}

async function hasCommit(git: Git, revision: string): Promise<boolean> {
  try {
    await git(["cat-file", "-e", `${revision}^{commit}`]);
    return true;
  } catch (error) {
    if (error instanceof ProcessError) return false;
    throw error;
  }
}

async function fetchCommit(copy: string, repository: string, revision: string): Promise<void> {
  try {
    // A repository asks for no password here: what is not public is not there.
    const env = { GIT_TERMINAL_PROMPT: "0" };
    const fetch = ["fetch", "--quiet", "--depth", "1", "--no-tags", repository, revision];
    await run("git", ["--git-dir", copy, ...fetch], { env });
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    if (isOffline(error.output) || /error: 5\d\d/.test(error.output))
      throw new RetryError(`${repository} could not be reached\n${error.output.trim()}`);
    throw new ContributionError([
      {
        file: "source.json",
        key: "revision",
        expected: `a commit of ${repository} that anyone can fetch`,
        got: `${revision}: ${error.output.trim().split("\n").at(-1) ?? "no answer"}`,
        hint: "push the commit to a public branch; `git ls-remote` shows what others see",
      },
    ]);
  }
}

/** Writes the files of one folder of a commit, as they are: git runs no filter of the repository. */
async function extract(git: Git, revision: string, path: string, folder: string): Promise<void> {
  const tree = path === "." ? `${revision}^{tree}` : `${revision}:${path}`;
  try {
    await git([
      "cat-file",
      "-e",
      `${tree.replace("^{tree}", "")}${path === "." ? "" : "/modelhub.json"}`,
    ]);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    throw new ContributionError([
      {
        file: "source.json",
        key: "path",
        expected: "a folder with a modelhub.json at the revision",
        got: `${path}, which has none`,
        hint: `\`git ls-tree ${revision.slice(0, 12)} ${path}/\` lists what is there`,
      },
    ]);
  }
  const index = `${folder}.index`;
  mkdirSync(folder, { recursive: true });
  try {
    const env = { GIT_INDEX_FILE: index, GIT_ATTR_NOSYSTEM: "1" };
    await git(["read-tree", tree], env);
    await git(
      [
        "-c",
        "core.bare=false",
        `--work-tree=${folder}`,
        "checkout-index",
        "--all",
        "--force",
        `--prefix=${folder}/`,
      ],
      env,
    );
  } finally {
    rmSync(index, { force: true });
  }
}
