import { lstatSync } from "node:fs";
import { Octokit } from "@octokit/rest";
import type { z } from "zod";
import { OursError } from "../errors.ts";
import { readJson } from "../files.ts";

/** Who writes what a workflow's job writes. */
export const bot = "github-actions[bot]";

/** A client with the job's token, at the address that the runner names. */
export function connect(): Octokit {
  const { GITHUB_TOKEN: auth, GITHUB_API_URL: baseUrl } = process.env;
  if (!auth)
    throw new OursError(
      "GITHUB_TOKEN is not set\n  hint: this verb is for a workflow's job; give the step the token in its `env`",
    );
  return new Octokit({ auth, ...(baseUrl && { baseUrl }) });
}

/** The repository that the workflow runs for. */
export function ownRepository(): { owner: string; repo: string } {
  const [owner = "", repo = ""] = (process.env["GITHUB_REPOSITORY"] ?? "").split("/");
  if (!repo) throw new OursError("expected owner/name in GITHUB_REPOSITORY, got nothing");
  return { owner, repo };
}

/**
 * What a job that ran a stranger's code wrote into a file. Undefined where there is none, where it is a
 * link, larger than such a report can be, or not of its shape.
 */
export function readReport<Report>(
  file: string,
  shape: z.ZodType<Report>,
  maxBytes: number,
): Report | undefined {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > maxBytes) return undefined;
  try {
    return shape.parse(readJson(file));
  } catch {
    return undefined;
  }
}
