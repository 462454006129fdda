import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Context } from "hono";
import type { AppOptions } from "./app.ts";
import { RequestFolder } from "./intake.ts";
import { json } from "./reply.ts";
import { readInputs } from "./upload.ts";
import type { InferInputs, InferResult } from "./worker.ts";

/** What @hono/node-server hands over beside the request. Absent in `app.request()`. */
interface NodeBindings {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

/** Predict what the request carries. */
export async function predictUpload(c: Context, options: AppOptions): Promise<Response> {
  const id = requestId(c);
  const { model, worker, limits } = options;
  // A body that nobody will look at need not travel.
  const refusal = worker.refusal;
  if (refusal) throw refusal;
  const folder = new RequestFolder(options.folder, id);
  try {
    const inputs = await readInputs(bodyOf(c), model.config.inputs, folder, limits);
    return await predict(c, id, inputs, options);
  } finally {
    await folder.remove();
  }
}

/** Predict inputs that are at hand, and reply in the envelope. */
export async function predict(
  c: Context,
  id: string,
  inputs: InferInputs,
  { model, worker }: AppOptions,
): Promise<Response> {
  const started = performance.now();
  const result = await worker.infer(id, inputs, clientGone(c));
  const waited = (performance.now() - started) / 1000 - (result.seconds.total ?? 0);
  const { config, identity, engineVersion } = model;
  const envelope = {
    output: result.outputs,
    timestamp: new Date().toISOString(),
    processing_time: result.seconds.total,
    model: {
      id: identity.id,
      name: config.title,
      version: identity.version,
      revision: identity.revision,
      weights: identity.weights,
      engine: engineVersion,
    },
    request_id: id,
  };
  return json(envelope, { "x-request-id": id, "server-timing": serverTiming(result, waited) });
}

/** The id of this request, made on first use: it names its files and stands in every reply. */
export function requestId(c: Context): string {
  const known: string | undefined = c.get("requestId");
  if (known) return known;
  const id = randomUUID();
  c.set("requestId", id);
  return id;
}

function serverTiming({ seconds }: InferResult, waited: number): string {
  return Object.entries({ wait: Math.max(0, waited), ...seconds })
    .map(([stage, value]) => `${stage};dur=${(value * 1000).toFixed(2)}`)
    .join(", ");
}

function bindings(c: Context): NodeBindings {
  return c.env ?? {};
}

function bodyOf(c: Context) {
  const { incoming } = bindings(c);
  if (incoming) return { stream: incoming, headers: incoming.headers };
  const { body } = c.req.raw;
  return {
    stream: body ? Readable.fromWeb(body as never) : Readable.from([]),
    headers: c.req.header(),
  };
}

function clientGone(c: Context): AbortSignal {
  const { outgoing } = bindings(c);
  if (!outgoing) return c.req.raw.signal;
  const controller = new AbortController();
  const closed = () => {
    if (!outgoing.writableFinished) controller.abort();
  };
  if (outgoing.closed) closed();
  else outgoing.once("close", closed);
  return controller.signal;
}
