import { execFileSync } from "node:child_process";

/**
 * When each `source.json` came into the registry, by its path below `models/`, as git knows it.
 * A registry outside git, or not committed yet, has no dates.
 */
export function registrationDates(registry: string): Map<string, string> {
  const dates = new Map<string, string>();
  let date = "";
  for (const line of additions(registry).split("\n")) {
    if (line.startsWith("date ")) date = line.slice(5);
    const version = /(?:^|\/)models\/([^/]+\/[^/]+)\/source\.json$/.exec(line)?.[1];
    // The log comes newest first, and an entry counts from its first appearance.
    if (version) dates.set(version, date);
  }
  return dates;
}

function additions(registry: string): string {
  // A version that comes as another one goes is no rename of that one.
  const what = ["--diff-filter=A", "--no-renames", "--name-only", "--format=date %cI"];
  const log = ["log", ...what, "--", "models"];
  try {
    return execFileSync("git", log, {
      cwd: registry,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
}
