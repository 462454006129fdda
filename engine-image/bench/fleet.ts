import { NotHere } from "./environment.ts";
import type { Figures } from "./figures.ts";
import { type LoadResult, startLoad } from "./load-process.ts";
import { type Server, startServer } from "./server.ts";
import { ours, peers, type Subject, type Task } from "./subjects.ts";

/** A server, and the request that it is measured with. */
export interface Target {
  server: Server;
  request: Buffer;
}

/**
 * Start a server of each subject that does the task, ask each once, call `work`, stop them all.
 * A subject that can't be had here, or answers wrongly, is noted and left out.
 */
export async function withServers(
  task: Task,
  input: Buffer,
  wanted: ReadonlySet<string>,
  figures: Figures,
  work: (targets: Target[]) => Promise<void>,
): Promise<void> {
  const targets: Target[] = [];
  try {
    for (const subject of [ours, ...peers]) {
      if (!subject.requests[task] || !wanted.has(subject.name)) continue;
      const target = await start(subject, task, input, figures);
      if (target) targets.push(target);
    }
    await work(targets);
  } finally {
    await Promise.all(targets.map(({ server }) => server.stop()));
  }
}

async function start(
  subject: Subject,
  task: Task,
  input: Buffer,
  figures: Figures,
): Promise<Target | undefined> {
  const request = subject.requests[task]?.(input);
  if (!request) return undefined;
  try {
    const server = await startServer(subject, task);
    const { failures } = await ask({ server, request });
    const [failure] = Object.keys(failures);
    if (failure === undefined) return { server, request };
    await server.stop();
    figures.note(`${subject.name} is left out of "${task}": it answers ${failure}`);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    figures.note(`${subject.name} is left out of "${task}": ${error.message}`);
  }
  return undefined;
}

/** Send one request over one connection. */
export async function ask({ server, request }: Target): Promise<LoadResult> {
  const load = startLoad();
  try {
    return await load.run({ port: server.port, request, connections: 1, seconds: 0 });
  } finally {
    load.stop();
  }
}
