import { lstatSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { OursError } from "../errors.ts";
import { readJson } from "../files.ts";
import { formatProblems, plural } from "../problems.ts";
import { pre } from "./comment.ts";
import { connect } from "./report.ts";

const title = "The nightly check found differences";
const bot = "github-actions[bot]";

/** What `verify --json` and `upstream --json` print. */
const Verified = z.array(
  z.object({
    id: z.string(),
    version: z.string(),
    problems: z.array(
      z.object({
        file: z.string(),
        key: z.string().optional(),
        expected: z.string(),
        got: z.string().optional(),
        hint: z.string().optional(),
      }),
    ),
  }),
);

/** Keeps one issue: opened when a check found something, renewed while it lasts, closed after. */
export async function alarm(files: readonly string[], say: (line: string) => void): Promise<void> {
  const reports = files.map((file) => [basename(file), readReport(file)] as const);
  const problems = reports.flatMap(([, report = []]) => report.flatMap((one) => one.problems));
  const lost = reports.flatMap(([file, report]) =>
    report ? [] : [`${file}: the check ended without a report`],
  );
  const isFine = problems.length === 0 && lost.length === 0;
  const text = [...lost, formatProblems(problems)].filter(Boolean).join("\n\n");
  const body = `${plural(problems.length, "difference")} from what is locked.\n\n${pre(text)}`;

  const [owner = "", repo = ""] = (process.env["GITHUB_REPOSITORY"] ?? "").split("/");
  if (!repo) throw new OursError("expected owner/name in GITHUB_REPOSITORY, got nothing");
  const github = connect();
  const { data } = await github.rest.issues.listForRepo({
    owner,
    repo,
    state: "open",
    creator: bot,
  });
  const open = data.find((issue) => issue.title === title);
  if (open) {
    const state = isFine ? "closed" : "open";
    await github.rest.issues.update({ owner, repo, issue_number: open.number, state, body });
    say(`issue ${open.number}: ${isFine ? "closed" : "renewed"}`);
  } else if (isFine) {
    say("everything is as locked");
  } else {
    const made = await github.rest.issues.create({ owner, repo, title, body });
    say(`issue ${made.data.number}: opened`);
  }
}

// A job that ran contributors' code wrote some of them; whatever is bigger is no report.
const maxReportBytes = 16 * 1_048_576;

function readReport(file: string): z.infer<typeof Verified> | undefined {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > maxReportBytes) return undefined;
  try {
    return Verified.parse(readJson(file));
  } catch {
    return undefined;
  }
}
