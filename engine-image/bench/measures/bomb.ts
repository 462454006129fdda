import type { Figures } from "../figures.ts";
import { ask, withServers } from "../fleet.ts";
import { memory } from "../process-tree.ts";
import type { Plan } from "./plan.ts";

/** Time and memory that 516 kB take which would decode to 531 MB. */
export async function measureBomb(plan: Plan, figures: Figures): Promise<void> {
  await withServers("picture", plan.inputs.picture, plan.subjects, figures, async (targets) => {
    for (const { server } of targets) {
      const request = server.subject.requests.picture?.(plan.inputs.bomb);
      if (!request) continue;
      const { rssMB } = memory(server.pid);
      const { seconds, status } = await ask({ server, request });
      const { name } = server.subject;
      figures.set(name, "bomb.seconds", seconds);
      figures.set(name, "bomb.growthMB", memory(server.pid).peakMB - rssMB);
      figures.set(name, "bomb.status", status);
    }
  });
}
