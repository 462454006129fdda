import { basename } from "node:path";
import { z } from "zod";
import { formatProblems, Problem, plural } from "../problems.ts";
import { pre } from "./comment.ts";
import { bot, connect, ownRepository, readReport } from "./connect.ts";

const title = "The nightly check found differences";

/** What `verify`, `upstream` and `scan` print with `--json`. */
const Verified = z.array(
  z.object({
    id: z.string(),
    version: z.string(),
    problems: z.array(Problem),
  }),
);

// A job that ran contributors' code wrote some of them; whatever is bigger is no report.
const maxReportBytes = 16 * 1_048_576;

/** Keeps one issue: opened when a check found something, renewed while it lasts, closed after. */
export async function alarm(files: readonly string[], say: (line: string) => void): Promise<void> {
  const reports = files.map(
    (file) => [basename(file), readReport(file, Verified, maxReportBytes)] as const,
  );
  const problems = reports.flatMap(([, report = []]) => report.flatMap((one) => one.problems));
  const lost = reports.flatMap(([file, report]) =>
    report ? [] : [`${file}: the check ended without a report`],
  );
  const isFine = problems.length === 0 && lost.length === 0;
  const text = [...lost, formatProblems(problems)].filter(Boolean).join("\n\n");
  const body = `${plural(problems.length, "finding")} of the nightly check.\n\n${pre(text)}`;

  const { owner, repo } = ownRepository();
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
