import { setTimeout as delay } from "node:timers/promises";
import { NotHere } from "../environment.ts";
import { type Figures, median } from "../figures.ts";
import { memory } from "../process-tree.ts";
import { startServer } from "../server.ts";
import { ours, peers, type Subject } from "../subjects.ts";
import type { Plan } from "./plan.ts";

/** Seconds from start to ready, and memory of a server that nobody has asked yet. */
export async function measureStart(plan: Plan, figures: Figures): Promise<void> {
  const wanted = [ours, ...peers].filter(
    ({ name, requests }) => plan.subjects.has(name) && requests.picture,
  );
  const found = new Map(wanted.map((subject) => [subject, [] as Start[]]));
  for (let round = 0; round < plan.starts; round++)
    for (const [subject, starts] of found) {
      const start = await startOnce(subject, figures);
      if (start) starts.push(start);
      else found.delete(subject);
    }
  for (const [{ name }, starts] of found)
    for (const key of ["seconds", "idleMB", "idlePssMB"] as const)
      figures.set(name, `start.${key}`, median(starts.map((start) => start[key])));
}

interface Start {
  seconds: number;
  idleMB: number;
  idlePssMB: number;
}

async function startOnce(subject: Subject, figures: Figures): Promise<Start | undefined> {
  try {
    const server = await startServer(subject, "picture");
    await delay(500);
    const { rssMB, pssMB } = memory(server.pid);
    await server.stop();
    return { seconds: server.readySeconds, idleMB: rssMB, idlePssMB: pssMB };
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    figures.note(`${subject.name} is left out of "start": ${error.message}`);
    return undefined;
  }
}
