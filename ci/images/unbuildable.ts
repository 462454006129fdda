import { ContributionError, type ModelHubError, RetryError } from "../errors.ts";
import { isOffline } from "../offline.ts";

/**
 * Why an image can't be had for a platform, told from what its build said. Only what has no package for
 * the platform counts: a network that failed, or a step that did, may be another matter next time.
 */
export function missingPackage(output: string): string | undefined {
  // pip calls an index that it could not reach an index without the package.
  if (isOffline(output)) return undefined;
  const reasons: [RegExp, string][] = [
    [/ERROR: No matching distribution found for ([^\s;]+)/, "pip finds no $1 for it"],
    [/ERROR: (\S+\.whl) is not a supported wheel on this platform/, "$1 is for another platform"],
    [
      /ERROR: Failed building wheel for (\S+)/,
      "$1 has no wheel for it, and can't be built from source",
    ],
    [/E: Unable to locate package (\S+)/, "Debian has no package $1 for it"],
    [/E: Package '([^']+)' has no installation candidate/, "Debian has no package $1 for it"],
  ];
  for (const [pattern, words] of reasons) {
    const [, name] = pattern.exec(output) ?? [];
    // A stranger's build chooses the name, and a lock holds 500 characters of a reason.
    if (name) return words.replace("$1", () => name.slice(0, 200));
  }
  return undefined;
}

/**
 * What a step of the author's Dockerfile says when it fails; nothing where no step did. Our own levels
 * have no steps that run anything.
 */
export function failedStep(output: string, dockerfile: string): ModelHubError | undefined {
  const [, command, code] =
    /process "(.+)" did not complete successfully: exit code: (\d+)/.exec(output) ?? [];
  if (command === undefined) return undefined;
  const step = command.replace(/^\/bin\/sh -c /, "");
  const printed = output
    .split("\n")
    .flatMap((line) => /^#\d+ \d+\.\d+ (.*)/.exec(line)?.[1] ?? [])
    .slice(-15)
    .join("\n")
    .trim();
  const got = `exit code ${code} of \`${step}\`\n${printed}`;
  if (isOffline(output)) return new RetryError(`${dockerfile}: no network; ${got}`);
  return new ContributionError({ file: dockerfile, expected: "each RUN step to succeed", got });
}
