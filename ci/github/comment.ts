import { formatBytes, formatProblems, plural } from "../problems.ts";
import type { Trial, TriedModel } from "./trial.ts";

/** Marks our comment, so that the next run replaces it. */
export const marker = "<!-- modelhub: trial -->";

// GitHub refuses a comment of more than 65,536 characters.
const longestComment = 60_000;
const longestText = 20_000;

/** The run that a report speaks of. */
export interface Run {
  sha: string;
  url: string;
  /** How many files of code the pull request changes: its run is by the changed program. */
  changedCode: number;
}

/**
 * The comment on a pull request. Its words come from a job that ran a stranger's code: all that is
 * not bound by a schema is escaped and stands in `<pre>`, where GitHub reads neither Markdown nor
 * mentions.
 */
export function describeTrial(trial: Trial | undefined, { sha, url, changedCode }: Run): string {
  const text = trial ? body(trial).join("\n\n") : noReport;
  return [
    marker,
    `### ${title(trial)}`,
    text.length > longestComment ? tooLong : text,
    ...(changedCode > 0 ? [byChangedCode(changedCode)] : []),
    `Commit \`${sha}\` · [the whole run](${url})`,
  ].join("\n\n");
}

const noReport = "It ended before it could write a report. The run's log says why.";
const tooLong = "There is too much to tell for a comment. The run's log has all of it.";

const byChangedCode = (count: number) =>
  `**This pull request also changes ${plural(count, "file")} of code, perhaps of what found this: read them first.**`;

function title(trial: Trial | undefined): string {
  if (!trial) return "The check did not finish";
  if (trial.exitCode === 0) {
    if (trial.models.length === 0) return "No version changed, and the registry is in order";
    return `${plural(trial.models.length, "version")} checked, built and tested`;
  }
  return trial.exitCode === 1 ? "Some things have to be mended" : "Something of ours failed";
}

function body({ problems, models }: Trial): string[] {
  const lines: string[] = [];
  if (problems.length > 0) lines.push(pre(formatProblems(problems)));
  if (models.some(({ platforms }) => platforms.length > 0)) lines.push(table(models));
  for (const { id, version, problems, failure } of models) {
    const text = failure ?? formatProblems(problems);
    if (text !== "") lines.push(`**${id} ${version}**`, pre(text));
  }
  return lines;
}

function table(models: readonly TriedModel[]): string {
  const rows = models.flatMap(({ id, version, platforms }) =>
    platforms.map(({ platform, emulated, samples, predictSeconds, peakMemoryBytes }) => {
      const place = emulated ? `${platform} (emulated)` : platform;
      const time = `${(predictSeconds * 1000).toFixed(1)} ms`;
      return `| ${id} | ${version} | ${place} | ${samples} | ${time} | ${formatBytes(peakMemoryBytes)} |`;
    }),
  );
  return [
    "| model | version | platform | samples passed | a prediction | peak memory |",
    "| --- | --- | --- | --: | --: | --: |",
    ...rows,
  ].join("\n");
}

/** A stranger's text, as it is and without effect. */
export function pre(text: string): string {
  const escaped = escapeHtml(text);
  const shown =
    escaped.length > longestText ? `${escaped.slice(0, longestText)}\n… and more` : escaped;
  return `<pre>${shown}</pre>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
