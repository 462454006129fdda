import type { Octokit } from "@octokit/rest";
import type { Queue } from "#schema/queue.ts";
import { RetryError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { plural } from "../problems.ts";
import { connect, ownRepository } from "./connect.ts";

// The job of model-pr.yml whose result a submission waits for.
const checkName = "Check, build and test";

type Submission = Queue["submissions"][number];
type At = { owner: string; repo: string };

/** Writes the open pull requests that add versions to the registry, with what each waits for. */
export async function writeQueue(file: string, say: (line: string) => void): Promise<void> {
  const at = ownRepository();
  const github = connect();
  const asked = instant(new Date().toISOString());
  const submissions = await submissionsOf(github, at).catch((error: unknown) => {
    // Octokit's errors carry a status, 500 where there was no answer at all.
    if (!(error instanceof Error && "status" in error)) throw error;
    throw new RetryError(`GitHub could not be asked for the pull requests: ${error.message}`);
  });
  writeJson(file, { schemaVersion: "1", asked, submissions } satisfies Queue);
  say(`${plural(submissions.length, "submission")} waiting`);
}

async function submissionsOf(github: Octokit, at: At): Promise<Submission[]> {
  const pulls = await github.paginate(github.rest.pulls.list, {
    ...at,
    state: "open",
    sort: "created",
    direction: "asc",
    per_page: 100,
  });
  const submissions: Submission[] = [];
  for (const { number, html_url: url, title, user, created_at: opened, draft, head } of pulls) {
    const versions = await versionsOf(github, at, number);
    if (versions.length === 0) continue;
    const state = draft ? "draft" : await stateOf(github, at, { number, sha: head.sha });
    const author = user?.login ?? "unknown";
    submissions.push({ number, url, title, author, versions, opened: instant(opened), state });
  }
  return submissions;
}

/** Seconds are enough, and GitHub gives no more. */
const instant = (date: string): string => `${date.slice(0, 19)}Z`;

/** The versions that a pull request adds, from the files it adds. */
async function versionsOf(github: Octokit, at: At, number: number): Promise<string[]> {
  const files = await github.paginate(github.rest.pulls.listFiles, {
    ...at,
    pull_number: number,
    per_page: 100,
  });
  return files.flatMap(({ filename, status }) => {
    const [, id, version] =
      /^registry\/models\/([^/]+)\/([^/]+)\/source\.json$/.exec(filename) ?? [];
    return id && version && status === "added" ? [`${id}@${version}`] : [];
  });
}

async function stateOf(
  github: Octokit,
  at: At,
  { number, sha }: { number: number; sha: string },
): Promise<Submission["state"]> {
  const { data } = await github.rest.checks.listForRef({ ...at, ref: sha, check_name: checkName });
  const [check] = data.check_runs;
  if (check?.status !== "completed") return "checking";
  if (check.conclusion !== "success") return "mending";
  const verdicts = await lastVerdicts(github, at, number);
  if (verdicts.includes("CHANGES_REQUESTED")) return "answering";
  return verdicts.includes("APPROVED") ? "merging" : "reviewing";
}

/** What each reviewer said last; a comment takes no verdict back. */
async function lastVerdicts(github: Octokit, at: At, number: number): Promise<string[]> {
  const reviews = await github.paginate(github.rest.pulls.listReviews, {
    ...at,
    pull_number: number,
    per_page: 100,
  });
  const verdicts = new Map<string, string>();
  for (const { user, state } of reviews) {
    if (state !== "COMMENTED" && state !== "PENDING") verdicts.set(user?.login ?? "", state);
  }
  return [...verdicts.values()];
}
