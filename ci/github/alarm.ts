import { basename } from "node:path";
import { z } from "zod";
import { formatProblems, Problem, plural } from "../problems.ts";
import { nameOf, readRegistry } from "../registry.ts";
import { pre } from "./comment.ts";
import { bot, connect, ownRepository, readReport } from "./connect.ts";

const title = "The nightly check found differences";

/** What `verify`, `upstream` and `scan` print with `--json`. */
const Report = z.array(
  z.object({
    id: z.string(),
    version: z.string(),
    problems: z.array(Problem),
  }),
);

/** By the file of each report, what is still open of it. */
const Open = z.record(z.string(), Report);
type Open = z.infer<typeof Open>;
type Looked = z.infer<typeof Report>;

// A job that ran contributors' code wrote some of them; whatever is bigger is no report.
const maxReportBytes = 16 * 1_048_576;

/**
 * Keeps one issue: opened when a check found something, renewed while it lasts, closed after. A night looks
 * at some versions only, so what was found of another stays until somebody looks at it again, or it is gone.
 */
export async function alarm(
  files: readonly string[],
  registry: string,
  say: (line: string) => void,
): Promise<void> {
  const { owner, repo } = ownRepository();
  const github = connect();
  const { data } = await github.rest.issues.listForRepo({
    owner,
    repo,
    state: "open",
    creator: bot,
  });
  const open = data.find((issue) => issue.title === title);
  const before = remembered(open?.body ?? "");
  const registered = namesIn(registry);
  const found: Open = {};
  const lost: string[] = [];
  for (const file of files) {
    const [name, report] = [basename(file), readReport(file, Report, maxReportBytes)];
    if (!report) lost.push(`${name}: the check ended without a report`);
    const waiting = (before[name] ?? []).filter((one) => registered.has(nameOf(one)));
    const now = stillOpen(waiting, report ?? []);
    if (now.length > 0) found[name] = now;
  }
  const problems = Object.values(found).flatMap((report) => report.flatMap((one) => one.problems));
  const isFine = problems.length === 0 && lost.length === 0;
  const text = [...lost, formatProblems(problems)].filter(Boolean).join("\n\n");
  const count = `${plural(problems.length, "finding")} of the nightly checks.`;
  const body = [count, pre(text), remember(found)].join("\n\n");

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

function namesIn(registry: string): Set<string> {
  const present = readRegistry(registry).entries.filter(
    ({ model, version }) => !model.removed?.[version],
  );
  return new Set(present.map(nameOf));
}

/** What was open of versions that nobody looked at this time, and what is wrong with the others. */
function stillOpen(before: Looked, report: Looked): Looked {
  const looked = new Set(report.map(nameOf));
  const others = before.filter((one) => !looked.has(nameOf(one)));
  return [...others, ...report.filter(({ problems }) => problems.length > 0)];
}

const [beginning, end] = ["<!-- modelhub: open\n", "\n-->"];

// GitHub refuses more than 65,536 characters in all.
const longestMemory = 30_000;

/** What is open, where people don't see it and the next night reads it; what is too much is found again on its own night. */
function remember(open: Open): string {
  const text = JSON.stringify(open).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
  if (text.length <= longestMemory) return `${beginning}${text}${end}`;
  const half = Object.entries(open).map(([name, report]) => [
    name,
    report.slice(0, report.length / 2),
  ]);
  return remember(Object.fromEntries(half));
}

function remembered(body: string): Open {
  const [, text = "{}"] = body.split(beginning);
  try {
    return Open.parse(JSON.parse(text.replace(end, "")));
  } catch {
    return {};
  }
}
