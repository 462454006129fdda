import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quote } from "../problems.ts";
import { type Instruction, readDockerfile, unquote, wordsOf } from "./dockerfile.ts";
import { hasFile, plain, runtimeFolders } from "./folder.ts";
import type { ContributionRule } from "./rule.ts";

/** What the Dockerfile copies or mounts of its folder is there, as a list of packages that was never written isn't. */
export const dockerfileFilesExist: ContributionRule = ({ contribution }) =>
  [...new Set(runtimeFolders(contribution).values())].flatMap((folder) => {
    const path = plain(`${folder}/Dockerfile`);
    if (!hasFile(contribution, path)) return [];
    const text = readFileSync(join(contribution.folder, path), "utf8");
    const isThere = (name: string) => {
      const wanted = plain(`${folder}/${name}`);
      const { files } = contribution;
      return files.some((file) => file.path === wanted || file.path.startsWith(`${wanted}/`));
    };
    return readDockerfile(text).instructions.flatMap((instruction) =>
      sourcesOf(instruction)
        .filter((source) => plain(source) !== "" && !isThere(source))
        .map((source) => ({
          file: `${contribution.shown}/${path}`,
          key: `line ${instruction.line}`,
          expected: "files of the Dockerfile's folder",
          got: `${quote(source)}, which is not there`,
          hint: "add the file, or correct the path; paths begin at the Dockerfile's folder",
        })),
    );
  });

/** Paths of the folder that an instruction reads; none of which the builder makes something else first. */
function sourcesOf(instruction: Instruction): string[] {
  const { name, flags } = instruction;
  const takesFiles = /^(COPY|ADD)$/.test(name) && !flags.some((flag) => flag.startsWith("--from="));
  const copied = takesFiles ? wordsOf(instruction).slice(0, -1) : [];
  const mounted = name === "RUN" ? flags.flatMap(mountedBy) : [];
  return [...copied, ...mounted].filter((source) => !/[*?[\]$<:]|(^|\/)\.\.(\/|$)/.test(source));
}

function mountedBy(flag: string): string[] {
  const [, options = ""] = /^--mount=(.*)$/.exec(flag) ?? [];
  const words = options.split(",").map(unquote);
  if (words.some((word) => /^(from=|type=(?!bind$))/i.test(word))) return [];
  return words.flatMap((word) => /^(?:source|src)=(.*)$/i.exec(word)?.[1] ?? []);
}
