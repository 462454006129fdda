import { readdirSync, readFileSync } from "node:fs";

// The kernel counts CPU time in hundredths of a second for every program, whatever its own clock.
const ticksPerSecond = 100;
const MB = 1e6;

/** A process and all that descend from it. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) && readStat(Number(name));
    if (stat) parents.set(Number(name), Number(stat[1]));
  }
  const tree = [root];
  for (const pid of tree)
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** CPU seconds that the tree has used, those of its ended children included. */
export function cpuSeconds(root: number): number {
  const stats = processTree(root).map(readStat);
  // utime, stime, cutime and cstime: fields 14 to 17, and the first after the name is the third.
  const ticks = stats.flatMap((stat) => stat?.slice(11, 15).map(Number) ?? []);
  return sum(ticks) / ticksPerSecond;
}

/** Memory of the tree in MB: resident, resident with shared pages counted once, and the most so far. */
export function memory(root: number): { rssMB: number; pssMB: number; peakMB: number } {
  const pids = processTree(root);
  const total = (file: string, field: string) =>
    (sum(pids.map((pid) => readField(`/proc/${pid}/${file}`, field))) * 1024) / MB;
  return {
    rssMB: total("status", "VmRSS"),
    pssMB: total("smaps_rollup", "Pss"),
    peakMB: total("status", "VmHWM"),
  };
}

/** The fields of /proc/PID/stat after the name, which may hold spaces; nothing once it ended. */
function readStat(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readField(path: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(read(path) ?? "")?.[1] ?? 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
