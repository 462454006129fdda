import { ContributionError } from "../errors.ts";
import { type Looked, lookAt, type Night } from "../night.ts";
import type { Problem } from "../problems.ts";
import { ProcessError, run } from "../process.ts";
import { fetchRecord } from "../records.ts";
import { type Entry, isOffered, isOneOf, readRegistry, requireNamed } from "../registry.ts";
import type { Workspace } from "../workspace.ts";

/**
 * Upstream: what of the versions that are offered is no longer where their entries say. A moved tag
 * is told and never followed; nothing is fetched but names and headers, and nothing is run.
 */

/** What git knows of a repository: commits by the names of its tags; undefined where it doesn't answer. */
type Tags = Map<string, string> | undefined;

const timeoutSeconds = 30;

// A version takes two seconds, and eight are asked for at once.
const minutesForOne = 2 / 60 / 8;

/**
 * What was found of each version among `names`, of all where there are none, or of those whose night it is;
 * one without problems is as its entry says.
 */
export async function upstream(
  names: readonly string[],
  at: Workspace,
  night: Night = { say: () => {} },
): Promise<Looked[]> {
  const { entries, problems } = readRegistry(at.registry);
  if (problems.length > 0) throw new ContributionError(problems);
  requireNamed(names, entries);
  const wanted = entries
    .filter((entry) => names.length === 0 || isOneOf(names, entry))
    .map((entry) => ({ ...entry, file: entry.files.source }));
  // Many versions share a repository, which is asked once.
  const repositories = new Map<string, Promise<Tags>>();
  return lookAt(wanted, night, { minutesFor: () => minutesForOne }, async (entry) => {
    // Told as in order, so that what was found before it was yanked is no longer held against it.
    if (!isOffered(entry)) return [];
    const { repository } = entry.source;
    const tags = repositories.get(repository) ?? tagsOf(repository);
    repositories.set(repository, tags);
    return [...sourceProblems(entry, await tags), ...(await weightsProblems(entry))];
  });
}

async function tagsOf(repository: string): Promise<Tags> {
  try {
    const env = { GIT_TERMINAL_PROMPT: "0" };
    const args = ["ls-remote", "--quiet", "--tags", "--", repository];
    const text = await run("git", args, { env, timeoutSeconds });
    // A tag with a message of its own comes twice; the second line, with ^{}, names the commit.
    const lines = [...text.matchAll(/^([0-9a-f]{40})\trefs\/tags\/(.+?)(?:\^\{\})?$/gm)];
    return new Map(lines.map(([, commit = "", tag = ""]) => [tag, commit]));
  } catch (error) {
    if (error instanceof ProcessError) return undefined;
    throw error;
  }
}

function sourceProblems({ source, files }: Entry, tags: Tags): Problem[] {
  const { repository, revision, tag } = source;
  if (!tags)
    return [
      {
        file: files.source,
        key: "repository",
        expected: "a repository that answers",
        got: `none at ${repository}`,
        hint: "what is published stays: the registry holds source and weights",
      },
    ];
  const is = tag === undefined ? revision : tags.get(tag);
  if (is === revision) return [];
  return [
    {
      file: files.source,
      key: "tag",
      expected: `${tag} at ${revision}`,
      got: is ? `it at ${is}` : "no such tag",
      hint: "the entry names the commit and stays; what the tag is now is a new version",
    },
  ];
}

async function weightsProblems({ lock, files }: Entry): Promise<Problem[]> {
  if (!lock) return [];
  const { record } = await fetchRecord(lock.image.name, lock.record);
  const problems: Problem[] = [];
  for (const { id, source = "", mirrors = [] } of record.config.weights) {
    for (const address of [source, ...mirrors].filter((one) => one.startsWith("https://"))) {
      const got = await reply(address);
      if (got === "200") continue;
      const expected = `an answer from ${address}`;
      const hint = "what is published stays: the registry holds the file";
      problems.push({ file: files.source, key: `weights[${id}]`, expected, got, hint });
    }
  }
  return problems;
}

async function reply(address: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const { status } = await fetch(address, { method: "HEAD", signal });
    return String(status);
  } catch (error) {
    return (error as Error).message;
  }
}
