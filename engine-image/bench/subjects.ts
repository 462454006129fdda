import { cpSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { engineContext, nodeContext } from "#ci/images/engine.ts";
import { machinePlatform } from "#ci/platforms.ts";
import { freePort } from "../../scripts/lib/free-port.ts";
import { memoryFolder } from "../../scripts/lib/memory-folder.ts";
import { originalEngine, peerFolder, python } from "./environment.ts";
import { form, json, type Post, raw } from "./requests.ts";

/** What a server is asked to do; its model does nothing of its own. */
export type Task = "picture" | "numbers" | "volume" | "lists";

export interface Command {
  command: string;
  args: string[];
  env?: Record<string, string>;
  folder?: string;
}

/** A server that is measured, with its own defaults. */
export interface Subject {
  name: string;
  /** How it serves the task on the port. Throws NotHere. */
  command(task: Task, port: number): Promise<Command>;
  /** Path that answers 200 once a prediction would be answered. */
  ready: string;
  /** The request of each task that it is measured with. */
  requests: Partial<Record<Task, (input: Buffer) => Post>>;
}

const memory = memoryFolder(3e8);

export const ours: Subject = {
  name: "ModelHub",
  // As in an image: its node, the bundled front, all limits and checks on.
  async command(task, port) {
    // In an image it lies in a folder with a short name, and Node resolves paths by the letter.
    const engine = join(memory, "engine");
    const context = await engineContext();
    cpSync(join(context, "code"), engine, { recursive: true });
    cpSync(join(context, "docs"), join(engine, "pages"), { recursive: true });
    const platform = machinePlatform();
    const node = join(await nodeContext([platform]), platform.replace("linux/", ""), "node");
    // The byte code that an image has, for the Python of this machine.
    const compile = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"];
    await execa(await python("ours"), [...compile, join(engine, "python")]);
    return {
      command: node,
      args: [join(engine, "front.mjs"), "serve"],
      env: {
        MODELHUB_ENGINE: engine,
        MODELHUB_MODEL: join(peerFolder("ours"), "models", task),
        MODELHUB_IDENTITY: "/nonexistent",
        MODELHUB_PYTHON: await python("ours"),
        MODELHUB_PORT: String(port),
        MODELHUB_HOST: "127.0.0.1",
        PYTHONDONTWRITEBYTECODE: "1",
        TMPDIR: memory,
      },
    };
  },
  ready: "/health/ready",
  requests: {
    picture: (input) => form("/api/predict", input),
    numbers: () => json("/v2/models/numbers/infer", inferenceRequest("FP32", [4], [0, 1, 2, 3])),
    volume: (input) => raw("/api/predict", "application/x-npy", "application/x-hdf5", input),
  },
};

const original: Subject = {
  name: "modelhub-engine",
  command: async (_, port) =>
    script("modelhub-engine", port, { PYTHONPATH: await originalEngine(), BENCH_MEMORY: memory }),
  ready: "/api/get_config",
  requests: { picture: (input) => form("/api/predict", input) },
};

const fastapi: Subject = {
  name: "FastAPI",
  command: (_, port) => script("fastapi", port),
  ready: "/ready",
  requests: {
    picture: (input) => form("/picture", input),
    numbers: () => json("/numbers", { x: [0, 1, 2, 3] }),
  },
};

const starlette: Subject = {
  name: "Starlette",
  command: (_, port) => script("starlette", port, { BENCH_MEMORY: memory }),
  ready: "/ready",
  requests: { volume: () => json("/file", {}), lists: () => json("/lists", {}) },
};

const litserve: Subject = {
  name: "LitServe",
  command: (_, port) => script("litserve", port),
  ready: "/health",
  requests: {
    picture: (input) => form("/predict", input),
    numbers: () => json("/predict", { x: [0, 1, 2, 3] }),
  },
};

const mlserver: Subject = {
  name: "MLServer",
  async command(_, port) {
    const env = {
      MLSERVER_HOST: "127.0.0.1",
      MLSERVER_HTTP_PORT: String(port),
      MLSERVER_GRPC_PORT: String(await freePort()),
      MLSERVER_METRICS_PORT: String(await freePort()),
      MLSERVER_PARALLEL_WORKERS: "1",
    };
    return { ...(await module("mlserver", "mlserver", ["start", "."])), env };
  },
  ready: "/v2/health/ready",
  requests: {
    picture: (input) =>
      json("/v2/models/noop/infer", inferenceRequest("BYTES", [1], [input.toString("base64")])),
    numbers: () => json("/v2/models/noop/infer", inferenceRequest("FP32", [4], [0, 1, 2, 3])),
  },
};

const bentoml: Subject = {
  name: "BentoML",
  async command(_, port) {
    const args = ["serve", "serve:Noop", "--host", "127.0.0.1", "--port", String(port)];
    const env = { BENTOML_DO_NOT_TRACK: "true", BENTOML_HOME: memory };
    return { ...(await module("bentoml", "bentoml", args)), env };
  },
  ready: "/readyz",
  requests: { picture: (input) => form("/picture", input) },
};

export const peers = [original, fastapi, starlette, litserve, mlserver, bentoml];

function inferenceRequest(datatype: string, shape: number[], data: unknown[]): object {
  const name = datatype === "BYTES" ? "file" : "x";
  return { inputs: [{ name, datatype, shape, data }] };
}

async function script(id: string, port: number, env: Record<string, string> = {}) {
  const folder = peerFolder(id);
  return { command: await python(id), args: ["serve.py", String(port)], folder, env };
}

/** A command that the environment's packages bring. */
async function module(id: string, name: string, args: string[]): Promise<Command> {
  const command = join(await python(id), "..", name);
  return { command, args, folder: peerFolder(id) };
}
