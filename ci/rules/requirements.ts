import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Problem, quote } from "../problems.ts";
import { hasFile, runtimeFolders } from "./folder.ts";
import type { ContributionRule } from "./rule.ts";

/** The packages of a runtime are named with one version each: a build next year installs the same. */
export const packagesArePinned: ContributionRule = ({ contribution }) =>
  [...runtimeFolders(contribution).values()].flatMap((folder) => {
    const path = `${folder}/requirements.txt`;
    if (!hasFile(contribution, path)) return [];
    const text = readFileSync(join(contribution.folder, path), "utf8");
    return packagesIn(text).flatMap((found) => {
      const fault = faultOf(found);
      const { line, requirement } = found;
      const place = { file: `${contribution.shown}/${path}`, key: `line ${line}` };
      return fault ? [{ ...place, got: quote(requirement), ...fault }] : [];
    });
  });

/** What a line should be, where what it installs may be another thing next year. */
function faultOf({
  requirement,
  name,
  version,
}: Requirement): Pick<Problem, "expected" | "hint"> | undefined {
  if (name && !version)
    return {
      expected: "a package with its version, such as numpy==2.4.6",
      hint: "`pip freeze` lists the versions that you have",
    };
  if (/\bgit\+\w+:/.test(requirement) && !/@[0-9a-f]{40}\b/.test(requirement))
    return {
      expected: "a repository at a full commit, such as git+https://example.org/a@<40 hex digits>",
      hint: "branches and tags can be moved; `git rev-parse HEAD` prints the commit",
    };
  return undefined;
}

interface Requirement {
  line: number;
  requirement: string;
  /** Absent where the line is an option, an address or a file. */
  name?: string | undefined;
  version?: string | undefined;
}

function packagesIn(text: string): Requirement[] {
  return text.split("\n").flatMap((whole, index, lines) => {
    // The options of a package may follow on lines of their own.
    if (lines[index - 1]?.trimEnd().endsWith("\\")) return [];
    const requirement = whole
      .replace(/(^|\s)#.*/, "")
      .replace(/\\\s*$/, "")
      .trim();
    const { name, version } = packageForm.exec(requirement)?.groups ?? {};
    return requirement === "" ? [] : [{ line: index + 1, requirement, name, version }];
  });
}

// `name[extra]==1.2; marker`, with the version only where it is a single one.
const packageForm =
  /^(?<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:===?\s*(?<version>[^\s,;*]+)\s*(?:;.*|--.*)?|[<>=!~;,].*|\s+[^@\s].*)?$/;
