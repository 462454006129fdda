import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { homeFolder } from "#ci/home.ts";
import { freePort } from "../../scripts/lib/free-port.ts";
import { NotHere } from "./environment.ts";
import { processTree } from "./process-tree.ts";
import type { Command, Subject, Task } from "./subjects.ts";

/** Longest time that a server gets until it is ready. */
const startSeconds = 60;

/** A running server of a subject. */
export interface Server {
  subject: Subject;
  port: number;
  pid: number;
  /** From the start of the process to the first good answer to "are you ready". */
  readySeconds: number;
  stop(): Promise<void>;
}

/** Start a subject's server for a task; resolves when it is ready. Throws NotHere. */
export async function startServer(subject: Subject, task: Task): Promise<Server> {
  const port = await freePort();
  const command = await subject.command(task, port);
  const log = join(homeFolder("bench", "log"), `${subject.name}-${task}.log`);
  const started = performance.now();
  const child = launch(command, log);
  const pid = child.pid ?? 0;
  const stop = () => stopTree(pid);
  while (!(await isReady(port, subject.ready))) {
    const seconds = (performance.now() - started) / 1000;
    if (child.exitCode === null && seconds < startSeconds) continue;
    await stop();
    throw new NotHere(`it didn't start; its log ends: ${readFileSync(log, "utf8").slice(-300)}`);
  }
  return { subject, port, pid, readySeconds: (performance.now() - started) / 1000, stop };
}

function launch({ command, args, env, folder }: Command, log: string): ChildProcess {
  const output = openSync(log, "w");
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  return child;
}

async function isReady(port: number, path: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.arrayBuffer();
    if (response.ok) return true;
  } catch {
    // It doesn't listen yet.
  }
  await delay(10);
  return false;
}

async function stopTree(pid: number): Promise<void> {
  // Before any of them goes: later, children of a process that ended are nobody's.
  const tree = processTree(pid);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const member of tree) kill(member, signal);
    const end = performance.now() + 3000;
    while (performance.now() < end && tree.some((member) => kill(member, 0))) await delay(20);
  }
}

/** Whether the process could be signalled. */
function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
