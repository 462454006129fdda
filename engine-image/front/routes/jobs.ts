import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import type { Context, Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { RequestFolder } from "../intake.ts";
import { Job, type JobHooks, Jobs } from "../jobs.ts";
import { bodyOf, requestId } from "../predict.ts";
import { envelope } from "../prediction-reply.ts";
import { Problem } from "../problem.ts";
import { json, jsonText, reply } from "../reply.ts";
import { readInputs } from "../upload.ts";
import type { InferInputs } from "../worker.ts";

/** Predictions that are asked for now and fetched later. */
export function jobRoutes(app: Hono, options: AppOptions): void {
  const jobs = new Jobs(options.limits);

  app.post("/jobs", async (c) => accepted(await addJob(c, jobs, options)));
  app.put("/jobs/:id", (c) => putJob(c, jobs, options));
  app.get("/jobs", () => json({ jobs: jobs.all.map(({ status }) => status) }));
  app.get("/jobs/:id", (c) => json(find(c, jobs).status));
  app.get("/jobs/:id/result", (c) => jsonText(find(c, jobs).result));
  app.get("/jobs/:id/events", (c) => events(c, find(c, jobs)));
  app.delete("/jobs/:id", (c) => {
    const job = find(c, jobs);
    if (job.isFinished) jobs.forget(job);
    else job.cancel();
    return json(job.status);
  });
  // RFC 7240: a client may ask for a job where it would get a prediction.
  app.post("/api/predict", async (c, next) => {
    if (!/(^|,)\s*respond-async\s*(,|;|$)/i.test(c.req.header("prefer") ?? "")) return next();
    const job = await addJob(c, jobs, options);
    return accepted(job, { "preference-applied": "respond-async" });
  });
}

function accepted(job: Job, headers: Record<string, string> = {}): Response {
  return json(job.status, { location: `/jobs/${job.id}`, ...headers }, 202);
}

/** Read the inputs and start a job of ours. */
async function addJob(c: Context, jobs: Jobs, options: AppOptions): Promise<Job> {
  return withInputs(c, options, async (folder, inputs) =>
    startJob(randomUUID(), undefined, folder, inputs, jobs, options),
  );
}

/** Start a job under the client's name for it, or find the one that was started so. */
async function putJob(c: Context, jobs: Jobs, options: AppOptions): Promise<Response> {
  const id = c.req.param("id") ?? "";
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(id)) throw badId();
  return withInputs(c, options, async (folder, inputs) => {
    const hash = await hashOf(inputs);
    const known = jobs.find(id);
    if (!known) return accepted(startJob(id, hash, folder, inputs, jobs, options));
    if (known.hash !== hash) throw otherBody(id);
    await folder.remove();
    return json(known.status);
  });
}

/** Give the request's inputs to the work, which owns their folder unless it throws. */
async function withInputs<T>(
  c: Context,
  { worker, model, limits, folder: parent }: AppOptions,
  work: (folder: RequestFolder, inputs: InferInputs) => Promise<T>,
): Promise<T> {
  if (worker.refusal) throw worker.refusal;
  const folder = new RequestFolder(parent, requestId(c));
  try {
    await folder.make();
    return await work(folder, await readInputs(bodyOf(c), model.config.inputs, folder, limits));
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function startJob(
  id: string,
  hash: string | undefined,
  folder: RequestFolder,
  inputs: InferInputs,
  jobs: Jobs,
  options: AppOptions,
): Job {
  const { worker } = options;
  // Now, and not when the job is found to have failed at once.
  if (worker.refusal) throw worker.refusal;
  const request = randomUUID();
  const work = (hooks: JobHooks) => predictJob(request, folder, inputs, hooks, options);
  return jobs.add(() => new Job(id, hash, work, () => worker.position(request)));
}

/** The same turn of the worker that a request waits for, and the same reply. */
async function predictJob(
  id: string,
  folder: RequestFolder,
  inputs: InferInputs,
  { signal, ...hooks }: JobHooks,
  options: AppOptions,
): Promise<string> {
  const { worker, log } = options;
  try {
    const result = await worker.infer(
      id,
      inputs,
      { folder: folder.path, isJob: true, ...hooks },
      signal,
    );
    return JSON.stringify(await envelope(id, result, options));
  } catch (error) {
    if (!(error instanceof Problem)) log(`modelhub: job ${id} failed: ${(error as Error).stack}`);
    throw error;
  } finally {
    await folder.remove();
  }
}

/** A hash of what the inputs hold, however they were sent. */
async function hashOf(inputs: InferInputs): Promise<string> {
  const hash = createHash("sha256");
  for (const [id, input] of Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { mediaType } = input;
    const paths = "paths" in input ? input.paths : "path" in input ? [input.path] : [];
    hash.update(JSON.stringify([id, mediaType, paths.length]));
    if ("body" in input) hash.update(createHash("sha256").update(input.body).digest());
    for (const path of paths) hash.update(await hashOfFile(path));
  }
  return hash.digest("hex");
}

async function hashOfFile(path: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest();
}

const heartbeatSeconds = 15;

/** The job's events as they come, from after the one that the client had last. */
function events(c: Context, job: Job): Response {
  const last = Number(c.req.header("last-event-id")) || 0;
  // By this an EventSource, which else asks again each time that the stream ends, knows to stop.
  if (job.isOver(last)) return reply(null, {}, 204);
  const stream = new PassThrough();
  const send = (text: string) => stream.write(`${text}\n\n`);
  send("retry: 1000");
  const unfollow = job.follow(last, ({ id, type, data }) =>
    send(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}`),
  );
  // Proxies cut connections on which nothing moves.
  const heartbeat = setInterval(() => send(":"), heartbeatSeconds * 1000);
  const end = () => {
    clearInterval(heartbeat);
    unfollow();
    stream.end();
  };
  job.finished.then(end);
  c.req.raw.signal.addEventListener("abort", end);
  return reply(stream, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
  });
}

function find(c: Context, jobs: Jobs): Job {
  const job = jobs.find(c.req.param("id") ?? "");
  if (job) return job;
  throw new Problem(
    "not_found",
    "There is no such job. It may be older than the server keeps jobs, or from before it was started again; /jobs lists those that are there.",
  );
}

function badId(): Problem {
  return new Problem(
    "malformed_request",
    "The id of a job is 1 to 64 letters, digits, dots, dashes and underscores, the first of them a letter or digit. A UUID is one.",
  );
}

function otherBody(id: string): Problem {
  return new Problem(
    "id_taken",
    `There is a job ${id} already, with other inputs. Choose another id, or POST to /jobs to get one.`,
  );
}
