import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import type { Config } from "#schema/config.ts";
import { type AppOptions, createApp } from "../app.ts";
import { type ModelInfo, readModel, readPaths } from "../config.ts";
import { readLimits } from "../limits.ts";
import { Metrics } from "../metrics.ts";
import { OutputStore } from "../output-store.ts";
import type { InferInputs, InferOptions, InferResult, Worker } from "../worker.ts";
import { models } from "./server.ts";

/** What a fake worker got, with the bytes of inputs that came in memory. */
export interface Asked {
  inputs: InferInputs;
  options: InferOptions;
}

/** A model of the tests' folder, with parts of its config replaced. */
export function testModel(name: string, changes: Partial<Config> = {}): ModelInfo {
  const model = readModel({
    ...readPaths({}),
    model: join(models, name),
    identity: "/nonexistent",
    weights: "/nonexistent",
  });
  return { ...model, config: { ...model.config, ...changes } };
}

/** The app over a worker that answers with what `infer` makes of each request. */
export function fakeApp(
  model: ModelInfo,
  infer: (asked: Asked) => Partial<InferResult> = () => ({}),
  changes: Partial<AppOptions> = {},
): { app: Hono; asked: Asked[] } {
  const folder = mkdtempSync(join(tmpdir(), "front-test-"));
  const asked: Asked[] = [];
  const none = {
    outputs: [],
    files: [],
    body: Buffer.alloc(0),
    microseconds: { total: 0 } as never,
  };
  const worker: Worker = {
    status: { state: "ready", python: "3.11.7", loadSeconds: 0.5 },
    refusal: undefined,
    position: () => undefined,
    infer: async (_id, inputs, options) => {
      const one = { inputs, options };
      asked.push(one);
      return { ...none, ...infer(one) };
    },
  };
  const app = createApp({
    model,
    worker,
    limits: readLimits({}, undefined),
    folder,
    outputs: new OutputStore(folder),
    metrics: new Metrics(model),
    corsOrigins: [],
    log: console.error,
    ...changes,
  });
  return { app, asked };
}

/** The bytes of an input of the first request, which came in memory. */
export function sent([first]: Asked[], id: string): Buffer {
  const input = first?.inputs[id];
  if (!input || !("body" in input)) throw new Error(`no bytes came for ${id}`);
  return input.body;
}

/** Write a file where the worker would have. */
export function writeOutput({ options }: Asked, file: string, bytes: Uint8Array): string {
  const folder = options.folder ?? "";
  mkdirSync(folder, { recursive: true });
  const path = join(folder, file);
  writeFileSync(path, bytes);
  return path;
}

/** The reply's JSON, which a test itself says the shape of. */
// biome-ignore lint/suspicious/noExplicitAny: the expectations are the types here
export async function body(reply: Response | Promise<Response>): Promise<any> {
  return (await reply).json();
}

/** A request with a body. */
export function post(
  body: NonNullable<RequestInit["body"]>,
  headers: Record<string, string> = {},
): RequestInit {
  return { method: "POST", body, headers };
}
