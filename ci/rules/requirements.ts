import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quote } from "../problems.ts";
import { hasFile, runtimeFolders } from "./config.ts";
import type { ContributionRule } from "./rule.ts";

/** The packages of a runtime are named with one version each: a build next year installs the same. */
export const packagesArePinned: ContributionRule = ({ contribution }) =>
  [...runtimeFolders(contribution).values()].flatMap((folder) => {
    const path = `${folder}/requirements.txt`;
    if (!hasFile(contribution, path)) return [];
    const text = readFileSync(join(contribution.folder, path), "utf8");
    return packagesIn(text)
      .filter(({ name, version }) => name && !version)
      .map(({ line, requirement }) => ({
        file: `${contribution.shown}/${path}`,
        key: `line ${line}`,
        expected: "a package with its version, such as numpy==2.4.6",
        got: quote(requirement),
        hint: "`pip freeze` lists the versions that you have",
      }));
  });

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
