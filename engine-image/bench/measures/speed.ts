import { type Figures, median } from "../figures.ts";
import { type Target, withServers } from "../fleet.ts";
import { type LoadResult, runLoad } from "../load.ts";
import { cpuSeconds } from "../process-tree.ts";
import type { Task } from "../subjects.ts";
import type { Plan } from "./plan.ts";

const warmUps = 3;

interface Slice extends LoadResult {
  cpuMicroseconds: number;
}

/**
 * Requests per second, latencies and CPU time per request, at 1, 8 and 64 connections. The servers
 * run side by side and are loaded in turns of a second, so that what else the machine does hits all.
 */
export async function measureSpeed(
  task: Task & ("picture" | "numbers"),
  plan: Plan,
  figures: Figures,
): Promise<void> {
  await withServers(task, plan.inputs[task], plan.subjects, figures, async (targets) => {
    for (const connections of [1, 8, 64]) {
      const slices = await takeTurns(targets, connections, plan);
      for (const [name, of] of slices) record(`${task}.${connections}`, name, of, figures);
    }
  });
}

async function takeTurns(
  targets: Target[],
  connections: number,
  plan: Plan,
): Promise<Map<string, Slice[]>> {
  const slices = new Map<string, Slice[]>(targets.map(({ server }) => [server.subject.name, []]));
  // The first rounds warm up: just-in-time compilers take some seconds.
  for (let round = 0; round < warmUps + plan.rounds; round++)
    for (const { server, request } of targets) {
      const before = cpuSeconds(server.pid);
      const { port } = server;
      const result = await runLoad({ port, request, connections, seconds: plan.sliceSeconds });
      const requests = result.succeeded + result.failed;
      const cpuMicroseconds = ((cpuSeconds(server.pid) - before) / requests) * 1e6;
      if (round >= warmUps) slices.get(server.subject.name)?.push({ ...result, cpuMicroseconds });
    }
  return slices;
}

/** The best of the slices: what the machine takes away, it never gives back. */
function record(prefix: string, name: string, slices: Slice[], figures: Figures): void {
  const least = (of: (slice: Slice) => number) => Math.min(...slices.map(of));
  const set = (what: string, value: number) => figures.set(name, `${prefix}.${what}`, value);
  set("perSecond", -least((slice) => -slice.succeeded / slice.seconds));
  set(
    "cpuMicroseconds",
    least((slice) => slice.cpuMicroseconds),
  );
  set(
    "p50Ms",
    least((slice) => slice.p50Ms),
  );
  set(
    "p99Ms",
    median(
      slices
        .map((slice) => slice.p99Ms)
        .sort((a, b) => a - b)
        .slice(0, 3),
    ),
  );
  const total = (of: (slice: Slice) => number) => slices.reduce((sum, slice) => sum + of(slice), 0);
  const [succeeded, failed] = [total((slice) => slice.succeeded), total((slice) => slice.failed)];
  set("failed", failed);
  set("failedPercent", (100 * failed) / (failed + succeeded));
}
