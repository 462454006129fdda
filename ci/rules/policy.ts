import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Contribution, ContributionFile } from "../contribution.ts";
import type { Problem } from "../problems.ts";
import { exactBytes, formatBytes } from "../problems.ts";
import { hasFile, inConfig, plain } from "./folder.ts";
import type { ContributionRule } from "./rule.ts";

/** Files, weights and memory stay within what the registry takes. */
export const filesWithinPolicy: ContributionRule = ({ contribution, policy }) => {
  const { files, shown, parts } = contribution;
  const weights = new Set((parts.weights ?? []).map(({ path = "" }) => plain(path)));
  const own = files.filter(({ path }) => !weights.has(path));
  const total = own.reduce((sum, { bytes }) => sum + bytes, 0);
  const problems: Problem[] = own
    .filter(({ bytes }) => bytes > policy.maxFileBytes)
    .map(({ path, bytes }) => ({
      file: `${shown}/${path}`,
      expected: `at most ${exactBytes(policy.maxFileBytes)}`,
      got: exactBytes(bytes),
      hint: "shrink it or remove it; weights are named under weights in modelhub.json",
    }));
  if (total > policy.maxFolderBytes)
    problems.push({
      file: shown,
      expected: `at most ${exactBytes(policy.maxFolderBytes)} in all, weights apart`,
      got: exactBytes(total),
      hint: `the largest: ${largest(own)}`,
    });
  for (const [index, { path = "", source, bytes }] of (parts.weights ?? []).entries()) {
    const inFolder = files.find((file) => source === undefined && file.path === plain(path));
    const size = inFolder?.bytes ?? bytes ?? 0;
    if (size > policy.maxWeightsBytes)
      problems.push(
        inConfig(contribution, {
          key: `weights[${index}]`,
          expected: `at most ${exactBytes(policy.maxWeightsBytes)}`,
          got: exactBytes(size),
        }),
      );
  }
  const memory = parts.resources?.memoryMB ?? 0;
  if (memory > policy.maxMemoryMB)
    problems.push(
      inConfig(contribution, {
        key: "resources.memoryMB",
        expected: `at most ${policy.maxMemoryMB}`,
        got: `${memory}`,
        hint: "the registry's test gives a model no more",
      }),
    );
  return problems;
};

/** Nothing in the folder opens somebody's account. What is pushed once is known to all. */
export const noSecrets: ContributionRule = ({ contribution }) =>
  contribution.files.flatMap((file) => secretsIn(contribution, file));

/** The entrypoint has what the engine calls: `load` and `infer`, or a class that derives from Model. */
export const entrypointIsPython: ContributionRule = ({ contribution }) => {
  const { model } = contribution.parts;
  const path = plain(model?.entrypoint ?? "model.py");
  if (!model || !hasFile(contribution, path)) return [];
  const text = readFileSync(join(contribution.folder, path), "utf8");
  // Old contributions derive from ModelBase.
  if (/^class\s+\w+\s*\([^)]*\bModel(Base)?\b/m.test(text)) return [];
  return ["load", "infer"]
    .filter((name) => !defines(text, name))
    .map((name) => ({
      file: `${contribution.shown}/${path}`,
      expected: `a function ${name}`,
      got: "none",
      hint: "the engine calls load once and infer for each prediction; a class that derives from Model does too",
    }));
};

function defines(text: string, name: string): boolean {
  return new RegExp(
    `^((async\\s+)?def\\s+${name}\\s*\\(|${name}\\s*=|from\\s.+\\simport\\s.*\\b${name}\\b)`,
    "m",
  ).test(text);
}

const maxTextBytes = 1_048_576;

/** Tokens by the prefixes that their makers gave them for being found. */
const secrets: [RegExp, string][] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/, "a private key"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, "a GitHub token"],
  [/\bgithub_pat_[A-Za-z0-9_]{22,}\b/, "a GitHub token"],
  [/\bglpat-[\w-]{20,}/, "a GitLab token"],
  [/\bhf_[A-Za-z]{34,}\b/, "a Hugging Face token"],
  [/\bnpm_[A-Za-z0-9]{36}\b/, "an npm token"],
  [/\bpypi-AgEI[\w-]{50,}/, "a PyPI token"],
  [/\bxox[abprs]-[0-9A-Za-z-]{10,}/, "a Slack token"],
  [/\bAIza[\w-]{35}\b/, "a Google API key"],
];

function secretsIn(
  { folder, shown }: Contribution,
  { path, bytes, mode }: ContributionFile,
): Problem[] {
  if (bytes > maxTextBytes || mode === 0o120000) return [];
  const content = readFileSync(join(folder, path));
  if (content.subarray(0, 8192).includes(0)) return [];
  const text = content.toString("latin1");
  return secrets.flatMap(([pattern, what]) => {
    const at = text.search(pattern);
    if (at < 0) return [];
    return [
      {
        file: `${shown}/${path}`,
        key: `line ${text.slice(0, at).split("\n").length}`,
        expected: "no secrets",
        got: what,
        hint: "revoke it, since others may have seen it; then remove it from the file and its history",
      },
    ];
  });
}

function largest(files: ContributionFile[]): string {
  return [...files]
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`)
    .join(", ");
}
