import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type ModelInfo, pythonEnvironment, readAddress, readModel, readPaths } from "./config.ts";
import { UsageError } from "./environment.ts";
import { visibleGpus, workerEnvironments } from "./gpus.ts";
import { readLimits } from "./limits.ts";
import { Metrics } from "./metrics.ts";
import { OutputStore } from "./output-store.ts";
import { Supervisor } from "./supervisor.ts";
import type { WorkerStatus } from "./worker.ts";

// Docker kills a container 10 s after it asked it to stop; this leaves room for the worker's end.
const finishSeconds = 4;

// To look for garbage among what is imported is a tenth of the time until a worker is ready.
const startOfWorker = "import gc; gc.disable(); from modelhub.worker import start; start()";

/** Start the worker and the HTTP server, and stay until a signal says to stop. */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const paths = readPaths(env);
  const model = readModel(paths, env);
  const address = readAddress(env);
  const limits = readLimits(env, model.config.resources?.timeoutSeconds);
  const folder = privateFolder();
  const metrics = new Metrics(model);
  const opened = Promise.withResolvers<Server>();
  const supervisor = new Supervisor({
    commands: workerEnvironments(limits.workers, () => visibleGpus(env)).map((own) => ({
      command: paths.python,
      args: ["-c", startOfWorker],
      // What the model leaves behind, however it ends, goes with the folder.
      env: { ...pythonEnvironment(env, paths), TMPDIR: folder, ...own },
    })),
    folder,
    queue: limits.queue,
    inFlight: model.config.model?.batch?.maxSize ?? 1,
    timeoutSeconds: limits.timeoutSeconds,
    jobTimeoutSeconds: limits.jobTimeoutSeconds,
    graceSeconds: 2,
    metrics,
    changed: (status) => opened.promise.then((server) => tell(status, model, server)),
    log,
  });
  const stop = once(() => stopAll(opened.promise, supervisor));
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
  process.once("exit", () => {
    supervisor.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const running = supervisor.run();
  // Node reads its HTTP and our routes while Python starts, but not before it does.
  await setImmediate();
  const { openServer } = await import("./server.ts");
  const { corsOrigins } = address;
  const outputs = new OutputStore(folder);
  const options = { model, worker: supervisor, limits, folder, outputs, metrics, corsOrigins, log };
  try {
    opened.resolve(await openServer(options, address));
  } catch (error) {
    await supervisor.stop(0);
    throw error;
  }
  await running;
}

/** Nobody else's business: the worker's socket, and inputs on their way to it. */
function privateFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "modelhub-"));
  } catch (error) {
    throw new UsageError(
      `${tmpdir()}: expected a folder to write in; ${(error as Error).message}\n  hint: with a read-only root, docker run takes --tmpfs /tmp`,
    );
  }
}

function tell(status: WorkerStatus, { config, identity }: ModelInfo, server: Server): void {
  if (status.state !== "ready") return;
  const { port } = server.address() as AddressInfo;
  const name = identity.version ? `${identity.id} ${identity.version}` : config.id;
  console.log(
    `${name} is ready at http://127.0.0.1:${port} (loaded in ${status.loadSeconds.toFixed(1)} s)`,
  );
}

async function stopAll(opened: Promise<Server>, supervisor: Supervisor): Promise<void> {
  const server = await opened;
  server.close();
  server.closeIdleConnections();
  await supervisor.stop(finishSeconds);
  server.closeIdleConnections();
  process.exit(0);
}

/** The first call works; a second one means that somebody is in a hurry. */
function once(work: () => Promise<void>): () => void {
  let called = false;
  return () => {
    if (called) process.exit(0);
    called = true;
    work();
  };
}

function log(line: string): void {
  console.error(line);
}
