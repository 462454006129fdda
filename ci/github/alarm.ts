import { z } from "zod";
import { OursError } from "../errors.ts";
import { readJson } from "../files.ts";
import { formatProblems, plural } from "../problems.ts";
import { pre } from "./comment.ts";
import { connect } from "./report.ts";

const title = "The nightly check found differences";
const bot = "github-actions[bot]";

/** What `verify --json` prints. */
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

/** Keeps one issue: opened when `verify` found something, renewed while it lasts, closed after. */
export async function alarm(file: string, say: (line: string) => void): Promise<void> {
  const parsed = Verified.safeParse(readJson(file));
  const problems = parsed.success ? parsed.data.flatMap((one) => one.problems) : [];
  const isFine = parsed.success && problems.length === 0;
  const text = parsed.success
    ? formatProblems(problems)
    : "`modelhub verify` ended without a report";
  const body = `${plural(problems.length, "difference")} between the locks and the registry.\n\n${pre(text)}`;

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
