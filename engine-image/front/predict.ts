import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { chooseEncoding } from "./accept.ts";
import type { AppOptions } from "./app.ts";
import { RequestFolder } from "./intake.ts";
import { envelope, filesReply } from "./prediction-reply.ts";
import { Problem } from "./problem.ts";
import { json } from "./reply.ts";
import { readInputs, type Upload } from "./upload.ts";
import type { Encoding, InferInputs, InferResult, Stage } from "./worker.ts";

/** What comes beside the request on a socket, and doesn't in `app.request()`. */
interface Bindings {
  incoming?: IncomingMessage;
}

/** Predict what the request carries, and reply in the form that it accepts. */
export function predictUpload(c: Context, options: AppOptions): Promise<Response> {
  const { model, worker, limits } = options;
  // A body that nobody will look at need not travel.
  const refusal = worker.refusal;
  if (refusal) throw refusal;
  return predict(c, options, (folder) =>
    readInputs(bodyOf(c), model.config.inputs, folder, limits),
  );
}

/** Predict the inputs that `read` gives, and reply in the form that the request accepts. */
export async function predict(
  c: Context,
  options: AppOptions,
  read: (folder: RequestFolder) => InferInputs | Promise<InferInputs>,
): Promise<Response> {
  const encode = chooseEncoding(c.req.header("accept"), options.model.config);
  return inFolder(c, options, async (folder) => {
    const id = requestId(c);
    const { result, timing } = await infer(c, await read(folder), encode, folder, options);
    const headers = { "x-request-id": id, "server-timing": timing };
    if (encode !== "json") return filesReply(c, id, result, options, headers);
    return json(await envelope(id, result, options), headers);
  });
}

/** Run the work with a folder of the request's own, which is removed afterwards. */
export async function inFolder<T>(
  c: Context,
  options: AppOptions,
  work: (folder: RequestFolder) => Promise<T>,
): Promise<T> {
  const folder = new RequestFolder(options.folder, requestId(c));
  try {
    return await work(folder);
  } finally {
    await folder.remove();
  }
}

/** One turn of the worker, and its stages as the header `Server-Timing` tells them. */
export async function infer(
  c: Context,
  inputs: InferInputs,
  encode: Encoding,
  folder: RequestFolder,
  { worker }: AppOptions,
  id = requestId(c),
): Promise<{ result: InferResult; timing: string }> {
  const started = performance.now();
  const options = { encode, folder: folder.path };
  let result: InferResult | undefined;
  try {
    result = await worker.infer(id, inputs, options, c.req.raw.signal);
  } finally {
    // The worker makes the folder when it has files to put there.
    if (!result || result.files.some((file) => "path" in file)) folder.mayExist();
  }
  const waited = (performance.now() - started) * 1000 - result.microseconds.total;
  return { result, timing: serverTiming(result, waited) };
}

/** The id of this request, made on first use: it names its files and stands in every reply. */
export function requestId(c: Context): string {
  const known: string | undefined = c.get("requestId");
  if (known) return known;
  const id = randomUUID();
  c.set("requestId", id);
  return id;
}

/** The request's body, in `app.request()` as on a socket. Raises 415 where it is compressed. */
export function bodyOf(c: Context): Upload {
  const { incoming }: Bindings = c.env ?? {};
  const encoding = c.req.header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") throw compressed(encoding);
  if (incoming) return { stream: incoming, headers: incoming.headers };
  const { body } = c.req.raw;
  return {
    stream: body ? Readable.fromWeb(body as never) : Readable.from([]),
    headers: c.req.header(),
  };
}

function compressed(encoding: string): Problem {
  return new Problem(
    "unsupported_media_type",
    `The body is compressed (${encoding.slice(0, 40)}), which this server doesn't undo. Send it as it is; compressed files, such as .nii.gz, are read by their own type.`,
  );
}

function serverTiming({ microseconds }: InferResult, waited: number): string {
  let text = `wait;dur=${milliseconds(Math.max(0, waited))}`;
  for (const stage in microseconds)
    text += `, ${stage};dur=${milliseconds(microseconds[stage as Stage])}`;
  return text;
}

/** Microseconds as milliseconds, to a hundredth. */
function milliseconds(microseconds: number): number {
  return Math.round(microseconds / 10) / 100;
}
