import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { NotHere } from "./environment.ts";
import type { Figures } from "./figures.ts";
import type { Post } from "./requests.ts";
import { type Server, startServer } from "./server.ts";
import { ours, peers, type Subject, type Task } from "./subjects.ts";

/** A server, and the request that it is measured with. */
export interface Target {
  server: Server;
  request: Post;
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
  const post = subject.requests[task]?.(input);
  if (!post) return undefined;
  try {
    const server = await startServer(subject, task);
    const { status } = await ask({ server, request: post });
    if (status === 200) return { server, request: post };
    await server.stop();
    figures.note(`${subject.name} is left out of "${task}": it answers ${status}`);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    figures.note(`${subject.name} is left out of "${task}": ${error.message}`);
  }
  return undefined;
}

/** Send one request over a connection of its own; the time is that of the whole reply. */
export async function ask({
  server,
  request: { path, headers, body },
}: Target): Promise<{ status: number; seconds: number }> {
  const started = performance.now();
  const sent = request({ method: "POST", port: server.port, path, headers, agent: false });
  sent.end(body);
  const [reply] = (await once(sent, "response")) as [IncomingMessage];
  await once(reply.resume(), "end");
  return { status: reply.statusCode ?? 0, seconds: (performance.now() - started) / 1000 };
}
