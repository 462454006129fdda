import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../scripts/lib/free-port.ts";

const python = process.env["MODELHUB_PYTHON"] ?? "python3";
const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The folders of tiny models that the Python side is tested with. */
export const models = fileURLToPath(new URL("../../python/tests/models/", import.meta.url));

/** Why tests with the real worker can't run here, or nothing when they can. */
export const pythonLack = findLack();

function findLack(): string | undefined {
  const { error, stderr } = spawnSync(python, ["-c", "import numpy, PIL"], { encoding: "utf8" });
  const reason = error?.message ?? stderr.trim().split("\n").at(-1);
  if (!reason) return undefined;
  const hint = "Set MODELHUB_PYTHON to a Python with numpy and Pillow.";
  console.warn(`SKIPPED: tests with the real worker; ${python}: ${reason}. ${hint}`);
  return reason;
}

// A test that fails doesn't come to its `stop`.
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill();
});
// So Vitest ends the process of a file.
process.once("SIGTERM", () => process.exit());

/** A running front with a real worker. */
export interface TestServer {
  url: string;
  /** The folder that the front gets as its temporary one. */
  temporary: string;
  output(): string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Resolves when /health/ready answers with the status. */
  until(status: number): Promise<Response>;
  workerPid(): number;
  /** A line of /metrics. */
  metric(line: string): Promise<number>;
  signal(signal: NodeJS.Signals): void;
  /** Exit code of the front. */
  exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Run the front's command line with a model's folder. */
export function spawnFront(
  args: string[],
  model: string,
  env: Record<string, string> = {},
): ChildProcess {
  const own = { MODELHUB_MODEL: model, MODELHUB_IDENTITY: "/nonexistent", MODELHUB_PYTHON: python };
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...own, ...env },
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Start `serve` on a free port; resolves when it is ready unless told otherwise. */
export async function startServer(
  model: string,
  env: Record<string, string> = {},
  expectedStatus = 200,
): Promise<TestServer> {
  const port = await freePort();
  const temporary = mkdtempSync(join(tmpdir(), "front-test-"));
  const child = spawnFront(["serve"], model, {
    MODELHUB_PORT: String(port),
    MODELHUB_HOST: "127.0.0.1",
    TMPDIR: temporary,
    ...env,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const url = `http://127.0.0.1:${port}`;
  const server: TestServer = {
    url,
    temporary,
    output: () => output,
    fetch: (path, init) => fetch(url + path, init),
    until: (status) => until(url, status, () => output),
    workerPid: () => childOf(child.pid ?? 0),
    metric: (line) => metric(url, line),
    signal: (signal) => child.kill(signal),
    exited,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      rmSync(temporary, { recursive: true, force: true });
    },
  };
  await server.until(expectedStatus);
  return server;
}

/** The bytes of a one-dimensional float32 .npy file. */
export function npy(values: number[]): Buffer<ArrayBuffer> {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  const data = new Float32Array(values);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    length,
    Buffer.from(padded),
    Buffer.from(data.buffer),
  ]);
}

async function until(url: string, status: number, output: () => string): Promise<Response> {
  for (const started = performance.now(); performance.now() - started < 60_000; ) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (response?.status === status) {
      // 503 is also the answer while loading; only the last word counts.
      const { code } = (await response.clone().json()) as { code?: string };
      if (code !== "loading") return response;
    }
    await delay(50);
  }
  throw new Error(`no ${status} from /health/ready within 60 s:\n${output()}`);
}

async function metric(url: string, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.split("\n").find((each) => each.startsWith(`${line} `));
  if (!found) throw new Error(`no ${line} in:\n${text}`);
  return Number(found.split(" ").at(-1));
}

function childOf(pid: number): number {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)))
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      if (Number(parent) === pid) return Number(name);
    } catch {
      // Ended meanwhile.
    }
  throw new Error(`process ${pid} has no child`);
}
