import { spawnSync } from "node:child_process";

/** What a command took: processor time of all its processes, and the memory of the largest. */
export interface Cost {
  cpuSeconds: number;
  wallSeconds: number;
  maxBytes: number;
}

// Node tells this of itself alone.
const watcher = `
import json, resource, subprocess, sys, time
start = time.monotonic()
status = subprocess.call(sys.argv[1:], stdout=sys.stderr)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "cpuSeconds": used.ru_utime + used.ru_stime,
    "wallSeconds": time.monotonic() - start,
    "maxBytes": used.ru_maxrss * 1024,
}))
sys.exit(status)
`;

export function costOf(
  command: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Cost {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", watcher, ...command], {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    throw new Error(`${command.join(" ")} failed with exit code ${status}\n${stderr.slice(-4000)}`);
  }
  return JSON.parse(stdout);
}
