import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { Revision } from "#schema/primitives.ts";
import { OursError } from "../errors.ts";
import { readJson } from "../files.ts";
import { describeTrial, marker } from "./comment.ts";
import { bot, connect, readReport } from "./connect.ts";
import { Trial } from "./trial.ts";

// A trial of hundreds of models stays far below this; whatever is bigger is no trial.
const maxReportBytes = 1_048_576;

/** GitHub's account of the run that a workflow_run follows, as far as we read it. */
const Event = z.object({
  repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
  workflow_run: z.object({
    head_sha: Revision,
    head_branch: z.string(),
    head_repository: z.object({ full_name: z.string(), owner: z.object({ login: z.string() }) }),
    html_url: z.url(),
  }),
});
type Event = z.infer<typeof Event>;

/**
 * Writes what a trial found as one comment on its pull request, or renews that comment. Which pull
 * request it is comes from GitHub, never from the trial; the trial is data of a stranger.
 */
export async function reportTrial(file: string, say: (line: string) => void): Promise<void> {
  const event = readEvent();
  // Where it can't be read, the comment says so.
  const trial = readReport(file, Trial, maxReportBytes);
  const github = connect();
  const at = { owner: event.repository.owner.login, repo: event.repository.name };
  const number = await pullRequestOf(github, at, event);
  const { head_sha: sha, html_url: url } = event.workflow_run;
  if (number === undefined) return say(`no open pull request stands at ${sha}`);
  const changedCode = await countCode(github, at, number);
  const body = describeTrial(trial, { sha, url, changedCode });
  const before = await ownComment(github, at, number);
  if (before === undefined)
    await github.rest.issues.createComment({ ...at, issue_number: number, body });
  else await github.rest.issues.updateComment({ ...at, comment_id: before, body });
  say(`pull request ${number}: comment ${before === undefined ? "written" : "renewed"}`);
}

function readEvent(): Event {
  const path = process.env["GITHUB_EVENT_PATH"];
  const parsed = Event.safeParse(path && readJson(path));
  if (parsed.success) return parsed.data;
  throw new OursError(
    `expected a workflow_run event in GITHUB_EVENT_PATH, got ${path ?? "nothing"}\n${z.prettifyError(parsed.error)}`,
  );
}

/** The open pull request whose head is this very commit; workflow_run names none when it comes from a fork. */
async function pullRequestOf(
  github: Octokit,
  at: { owner: string; repo: string },
  { workflow_run: run }: Event,
): Promise<number | undefined> {
  const head = `${run.head_repository.owner.login}:${run.head_branch}`;
  const { data } = await github.rest.pulls.list({ ...at, state: "open", head });
  return data.find(
    (pull) =>
      pull.head.sha === run.head_sha && pull.head.repo?.full_name === run.head_repository.full_name,
  )?.number;
}

/** How many files a pull request changes that are not the registry's data: what tried it may be among them. */
async function countCode(
  github: Octokit,
  at: { owner: string; repo: string },
  number: number,
): Promise<number> {
  const files = await github.paginate(github.rest.pulls.listFiles, {
    ...at,
    pull_number: number,
    per_page: 100,
  });
  const isData = (path: string) => /^registry\/(?!schema\/)/.test(path);
  return files.filter(({ filename, previous_filename: before = filename }) =>
    [filename, before].some((path) => !isData(path)),
  ).length;
}

async function ownComment(
  github: Octokit,
  at: { owner: string; repo: string },
  number: number,
): Promise<number | undefined> {
  const comments = await github.paginate(github.rest.issues.listComments, {
    ...at,
    issue_number: number,
    per_page: 100,
  });
  return comments.find(({ user, body }) => user?.login === bot && body?.startsWith(marker))?.id;
}
