import type { Figures } from "../figures.ts";
import { ask, withServers } from "../fleet.ts";
import { cpuSeconds } from "../process-tree.ts";
import type { Task } from "../subjects.ts";
import type { Plan } from "./plan.ts";

/** CPU time of a reply that holds 240x240x155 floats, as a file or as lists in JSON. */
export async function measureVolume(plan: Plan, figures: Figures): Promise<void> {
  await measure("volume", 20, plan, figures);
  await measure("lists", 1, plan, figures);
}

async function measure(
  task: Task & ("volume" | "lists"),
  requests: number,
  { inputs, subjects }: Plan,
  figures: Figures,
): Promise<void> {
  await withServers(task, inputs.numbers, subjects, figures, async (targets) => {
    for (const target of targets) {
      const { server } = target;
      const before = cpuSeconds(server.pid);
      const seconds: number[] = [];
      for (let request = 0; request < requests; request++)
        seconds.push((await ask(target)).seconds);
      const cpuMs = ((cpuSeconds(server.pid) - before) / requests) * 1000;
      figures.set(server.subject.name, `${task}.cpuMs`, cpuMs);
      figures.set(server.subject.name, `${task}.seconds`, Math.min(...seconds));
    }
  });
}
