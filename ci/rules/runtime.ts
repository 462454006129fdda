import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../problems.ts";
import { quote } from "../problems.ts";
import {
  type Dockerfile,
  type Instruction,
  readDockerfile,
  unquote,
  wordsOf,
} from "./dockerfile.ts";
import { hasFile, runtimeFolders } from "./folder.ts";
import type { Contributed, ContributionRule } from "./rule.ts";

/** A problem of one line of the Dockerfile. */
interface Finding {
  line: number;
  expected: string;
  got: string;
  hint?: string;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the builder puts the image in
const baseImage = "${BASE_IMAGE}";

/** Every stage stands on the base image, which the build hands in by digest. */
export const dockerfileStartsFromBase: ContributionRule = inDockerfile(({ instructions }) => {
  const stages = stagesOf(instructions);
  const froms = instructions.filter(({ name }) => name === "FROM");
  const first = instructions.findIndex(({ name }) => name === "FROM");
  const isDeclared = instructions
    .slice(0, first)
    .some(({ name, rest }) => name === "ARG" && rest.split(/\s+/).includes("BASE_IMAGE"));
  const hint = "the build hands in the base image as BASE_IMAGE, pinned by digest";
  const findings: Finding[] = [];
  if (froms.length === 0)
    findings.push({ line: 1, expected: `FROM ${baseImage}`, got: "no FROM", hint });
  else if (!isDeclared)
    findings.push({
      line: froms[0]?.line ?? 1,
      expected: "ARG BASE_IMAGE before the first FROM",
      got: "none",
      hint,
    });
  for (const from of froms) {
    const image = wordsOf(from)[0] ?? "";
    const isBase = image === baseImage || image === "$BASE_IMAGE";
    if (!isBase && !stages.before(from).includes(image.toLowerCase()))
      findings.push({
        line: from.line,
        expected: `FROM ${baseImage}, or from a stage above`,
        got: quote(image),
        hint,
      });
    if (from.flags.length > 0)
      findings.push({
        line: from.line,
        expected: "FROM without flags",
        got: from.flags.join(" "),
        hint: "the build says for which platform it is",
      });
  }
  return findings;
});

/** The build reads the file itself: no other frontend is fetched and run to do so. */
export const dockerfileHasNoSyntaxDirective: ContributionRule = inDockerfile(
  ({ head, instructions }) => {
    const hint = "remove the line; the registry's own build reads the file";
    const comments = head
      .filter(({ text }) => /^#!|^#\s*syntax\s*=/i.test(text))
      .map(({ line, text }) => ({ line, expected: "no syntax directive", got: quote(text), hint }));
    // BuildKit takes the directive after // and in JSON too, for frontends with other comments.
    const others = instructions
      .filter(({ name }) => /^(\/\/|\{)/.test(name))
      .map(({ line, name, rest }) => ({
        line,
        expected: "no syntax directive",
        got: quote(`${name} ${rest}`.trim()),
        hint,
      }));
    return [...comments, ...others];
  },
);

/** What goes into the image lies in the runtime folder or is installed by RUN; no other image is mixed in. */
export const dockerfileCopiesLocalOnly: ContributionRule = inDockerfile(({ instructions }) => {
  const stages = stagesOf(instructions);
  return instructions.flatMap((instruction): Finding[] => {
    const { line, name, flags, rest } = instruction;
    const before = stages.before(instruction);
    const known = (stage: string) =>
      before.includes(stage.toLowerCase()) || (/^\d+$/.test(stage) && +stage < before.count - 1);
    const findings: Finding[] = [];
    if (flags.some((flag) => /["'\\]/.test(flag)))
      findings.push({ line, expected: "flags without quotes", got: quote(flags.join(" ")) });
    if (name === "ADD" && !isLocal(rest))
      findings.push({
        line,
        expected: "ADD of files in the runtime folder",
        got: quote(rest),
        hint: "put the file into the folder, or install a pinned package; weights go under weights in modelhub.json",
      });
    for (const flag of flags) {
      const stage = /^--from=(.*)$/.exec(flag)?.[1];
      if (stage !== undefined && !known(stage))
        findings.push({
          line,
          expected: "--from a stage above",
          got: quote(stage),
          hint: "files of another image have no licence, source or pin here; install them by RUN",
        });
    }
    return [
      ...findings,
      ...(name === "RUN" ? flags.flatMap((flag) => runFlag(line, flag, known)) : []),
    ];
  });
});

/** The build hands in BASE_IMAGE alone, so every other ARG has a default of its own. */
export const onlyBaseArgs: ContributionRule = inDockerfile(({ instructions }) =>
  instructions
    .filter(({ name }) => name === "ARG")
    .flatMap(({ line, rest }) =>
      rest
        .split(/\s+/)
        .filter((word) => /^[A-Za-z_]/.test(word))
        .flatMap((word): Finding[] => {
          const name = word.replace(/=.*$/s, "");
          if (name === "BASE_IMAGE" && word.includes("="))
            return [{ line, expected: "ARG BASE_IMAGE without a default", got: quote(word) }];
          if (word.includes("=") || givenArgs.has(name) || isGlobal(instructions, name, line))
            return [];
          return [
            {
              line,
              expected: "a default, as in ARG NAME=value",
              got: quote(word),
              hint: "the build hands in BASE_IMAGE and nothing else",
            },
          ];
        }),
    ),
);

/** Nothing waits in the image to run in the builds above it. */
export const dockerfileHasNoTriggers: ContributionRule = inDockerfile(({ instructions }) =>
  instructions
    .filter(({ name }) => name.startsWith("ONBUILD"))
    .map(({ line }) => ({
      line,
      expected: "no ONBUILD",
      got: "one",
      hint: "write the instruction itself",
    })),
);

/** People and the builder read the file alike. */
export const dockerfileIsClear: ContributionRule = inDockerfile(({ unclear }) =>
  unclear.map(({ line, reason }) => ({
    line,
    expected: "a heredoc of the form RUN <<EOF, with EOF alone on its last line",
    got: reason,
    hint: "put long scripts into a file of the runtime folder and COPY it",
  })),
);

/** What BuildKit sets by itself. */
const givenArgs = new Set([
  "BASE_IMAGE",
  "SOURCE_DATE_EPOCH",
  ...["TARGET", "BUILD"].flatMap((side) =>
    ["PLATFORM", "OS", "ARCH", "VARIANT"].map((fact) => side + fact),
  ),
]);

/** Whether an ARG repeats one that has a default above the first FROM, which is how a stage gets at it. */
function isGlobal(instructions: Instruction[], name: string, line: number): boolean {
  const from = instructions.find((instruction) => instruction.name === "FROM");
  return instructions.some(
    (other) =>
      other.name === "ARG" &&
      other.line < Math.min(line, from?.line ?? 0) &&
      other.rest.split(/\s+/).some((word) => word.startsWith(`${name}=`)),
  );
}

function runFlag(line: number, flag: string, known: (stage: string) => boolean): Finding[] {
  const [, name = "", value = ""] = /^--([^=]*)=?(.*)$/.exec(flag) ?? [];
  if (name === "network" && value !== "none" && value !== "default")
    return [{ line, expected: "RUN without --network", got: quote(flag) }];
  if (name === "security" && value !== "sandbox")
    return [{ line, expected: "RUN without --security", got: quote(flag) }];
  if (name === "mount") return mountFlag(line, flag, value, known);
  if (["network", "security"].includes(name)) return [];
  return [{ line, expected: "RUN with --mount only", got: quote(flag) }];
}

function mountFlag(
  line: number,
  flag: string,
  value: string,
  known: (stage: string) => boolean,
): Finding[] {
  const options = new Map(
    value.split(",").map((option): [string, string] => {
      const [key = "", ...rest] = option.split("=");
      return [key.trim().toLowerCase(), unquote(rest.join("="))];
    }),
  );
  const type = options.get("type") ?? "bind";
  const from = options.get("from");
  if (from !== undefined && !known(from))
    return [
      { line, expected: "a mount from the runtime folder or a stage above", got: quote(flag) },
    ];
  if (type === "cache")
    return [
      {
        line,
        expected: "no cache mount",
        got: quote(flag),
        hint: "an image follows from its sources alone, and a cache is shared with other people's builds",
      },
    ];
  // `ca` is the builder's own certificate bundle, for networks with a proxy.
  const isOffered = type === "secret" && (options.get("id") ?? "") === "ca";
  if (type === "bind" || type === "tmpfs" || isOffered) return [];
  return [
    {
      line,
      expected: "a mount of type bind or tmpfs",
      got: quote(flag),
      hint: "the build has no secrets and keys to give",
    },
  ];
}

/** Whether the sources of ADD are plain paths: no address, no repository, no variable that might hold one. */
function isLocal(rest: string): boolean {
  const text = unquote(rest);
  return !/:\/\/|\$|@[^\s/]*:|\.git\b/.test(text);
}

/** Names of the stages above an instruction, and how many there are with its own. */
function stagesOf(instructions: Instruction[]): {
  before(instruction: Instruction): { includes(name: string): boolean; count: number };
} {
  const froms = instructions.filter(({ name }) => name === "FROM");
  return {
    before({ line, name }) {
      const above = froms.filter((from) => from.line < line);
      // An instruction's own stage is not above it.
      const finished = name === "FROM" ? above : above.slice(0, -1);
      const names = finished.flatMap((from) => {
        const [, keyword = "", stage] = wordsOf(from);
        return keyword.toLowerCase() === "as" && stage ? [stage.toLowerCase()] : [];
      });
      return { includes: (stage) => names.includes(stage), count: above.length };
    },
  };
}

/** A rule over the Dockerfile of the runtime folder; a missing one is another rule's matter. */
function inDockerfile(find: (dockerfile: Dockerfile) => Finding[]): ContributionRule {
  return ({ contribution }: Contributed): Problem[] => {
    const paths = [...runtimeFolders(contribution).values()].map((folder) =>
      folder === "" ? "Dockerfile" : `${folder}/Dockerfile`,
    );
    return [...new Set(paths)]
      .filter((path) => hasFile(contribution, path))
      .flatMap((path) => {
        const text = readFileSync(join(contribution.folder, path), "utf8");
        return find(readDockerfile(text)).map(({ line, ...rest }) => ({
          file: `${contribution.shown}/${path}`,
          key: `line ${line}`,
          ...rest,
        }));
      });
  };
}
