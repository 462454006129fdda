import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Lock } from "#schema/lock.ts";
import { OursError, RetryError } from "../errors.ts";
import { readJson, writeJson } from "../files.ts";
import { plural } from "../problems.ts";
import { ProcessError, run } from "../process.ts";
import { readRegistry } from "../registry.ts";

// Others push to the branch meanwhile; so many times in a row they hardly come first.
const attempts = 10;

/**
 * Commits the locks that lie anywhere in `folder` to the branch that is checked out at the registry,
 * and pushes it. Each is read as data and written anew, so nothing but locks of entries gets in.
 */
export async function pushLocks(
  folder: string,
  registry: string,
  say: (line: string) => void,
): Promise<void> {
  const files = writeLocks(readLocks(folder), registry);
  const git = (...args: string[]) => run("git", args, { cwd: registry, env: identity() });
  await git("add", "--", ...files);
  if ((await git("diff", "--cached", "--name-only")) === "") return say("every lock is as it was");
  await git("commit", "--quiet", "--message", `Lock ${plural(files.length, "published version")}`);
  for (let attempt = 1; ; attempt++) {
    try {
      await git("push", "--quiet", "origin", "HEAD");
      return say(`pushed ${plural(files.length, "lock")}`);
    } catch (error) {
      if (!(error instanceof ProcessError)) throw error;
      if (attempt === attempts) throw new RetryError(error.message);
      await setTimeout(Math.random() * 1000 * attempt);
      await git(
        "pull",
        "--quiet",
        "--rebase",
        "origin",
        (await git("branch", "--show-current")).trim(),
      );
    }
  }
}

function readLocks(folder: string): Lock[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("lock.json") && lstatSync(join(folder, path)).isFile())
    .map((path) => Lock.parse(readJson(join(folder, path))));
}

/** Writes each lock beside the source that it speaks of. Returns the files. */
function writeLocks(locks: readonly Lock[], registry: string): string[] {
  const { entries } = readRegistry(registry);
  return locks.map((lock) => {
    const { id, version, source } = lock;
    const entry = entries.find((one) => one.id === id && one.version === version);
    if (entry?.source.revision !== source.revision)
      throw new OursError(
        `${id} ${version}: the lock speaks of ${source.revision}, the entry of ${entry?.source.revision ?? "nothing"}`,
      );
    const file = join("models", id, version, "lock.json");
    writeJson(join(registry, file), lock);
    return file;
  });
}

/** Who commits; and the job's token for GitHub alone, where a process list doesn't show it. */
function identity(): Record<string, string> {
  const name = "github-actions[bot]";
  const email = "41898282+github-actions[bot]@users.noreply.github.com";
  const { GITHUB_TOKEN: token } = process.env;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    ...(token && {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.https://github.com/.extraheader",
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
    }),
  };
}
