import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Weights } from "#schema/config.ts";
import { configFile } from "../contribution.ts";
import { ContributionError } from "../errors.ts";
import { sha256File } from "../files.ts";
import { type Problem, quote } from "../problems.ts";
import { hasFile, inConfig } from "./folder.ts";
import type { Contributed, ContributionRule } from "./rule.ts";

/** Weights are the bytes that the config names, wherever they come from. */
export const weightsMatch: ContributionRule = async (contributed) => {
  const { weights = [] } = contributed.contribution.parts;
  const found = await Promise.all(
    weights.map((one, index) =>
      one.source === undefined
        ? inFolder(contributed, one, index)
        : fromSource(contributed, one, index),
    ),
  );
  return found.flat();
};

async function inFolder(
  { contribution }: Contributed,
  weights: Weights,
  index: number,
): Promise<Problem[]> {
  const { path } = weights;
  if (path === undefined || !hasFile(contribution, path)) return [];
  const file = join(contribution.folder, path);
  if (isPointer(file)) {
    return [
      inConfig(contribution, {
        key: `weights[${index}].path`,
        expected: "the weights",
        got: "a pointer of Git LFS to them",
        hint: "`git lfs pull` fetches the file itself",
      }),
    ];
  }
  const sha256 = await sha256File(file);
  const problems = sizeProblems(weights, statSync(file).size);
  if (sha256 !== weights.sha256)
    problems.unshift({
      key: "sha256",
      expected: `${sha256}, the hash of ${path}`,
      got: weights.sha256,
      hint: "if the file is the right one, write its hash",
    });
  return problems.map(({ key, ...rest }) =>
    inConfig(contribution, { key: `weights[${index}].${key}`, ...rest }),
  );
}

/** Whether a file is what Git LFS commits in place of a large one. */
function isPointer(file: string): boolean {
  const isSmall = statSync(file).size < 1024;
  return (
    isSmall && readFileSync(file, "utf8").startsWith("version https://git-lfs.github.com/spec/")
  );
}

async function fromSource(
  { contribution, policy, fetchWeights }: Contributed,
  weights: Weights,
  index: number,
): Promise<Problem[]> {
  if (!fetchWeights) return [];
  try {
    const fetched = await fetchWeights(weights, {
      folder: contribution.folder,
      maxBytes: policy.maxWeightsBytes,
    });
    return sizeProblems(weights, fetched.bytes).map(({ key, ...rest }) =>
      inConfig(contribution, { key: `weights[${index}].${key}`, ...rest }),
    );
  } catch (error) {
    if (!(error instanceof ContributionError)) throw error;
    // The fetcher knows the weights, not the folder that they belong to.
    return error.problems.map((problem) => ({
      ...problem,
      file: join(contribution.shown, basename(problem.file) || configFile),
      key: problem.key?.replace(`weights[${weights.id}]`, `weights[${index}]`),
    }));
  }
}

function sizeProblems({ bytes }: Weights, actual: number): Omit<Problem, "file">[] {
  if (bytes === undefined || bytes === actual) return [];
  return [{ key: "bytes", expected: `${actual}, the size of the file`, got: `${bytes}` }];
}

/** Two files of one name would be one in the image. */
export const weightsHaveOwnNames: ContributionRule = ({ contribution }) => {
  const { weights = [] } = contribution.parts;
  const names = weights.map(({ path }) => path);
  return names.flatMap((path, index) => {
    const first = names.indexOf(path);
    if (path === undefined || first === index) return [];
    return [
      inConfig(contribution, {
        key: `weights[${index}].path`,
        expected: "a file of its own",
        got: `${quote(path)}, the file of weights[${first}]`,
      }),
    ];
  });
};
