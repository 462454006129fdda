import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { percent, seconds } from "#viewers/format.ts";
import { type Files, type Reply, type Runner, type Step, TryProblem } from "./runner.ts";
import { local } from "./samples.ts";

/** A prediction, as a finished job gives it. */
interface ServerReply {
  output: Prediction[];
  processing_time: number;
  model: { name: string; version: string | null; engine: string };
}

/** How far a job is, as its status and its events tell it. */
interface Progress {
  state?: "queued" | "running" | "succeeded" | "failed" | "canceled";
  /** How much is done, 0 to 1. */
  progress?: number;
  /** Place in the queue, from 1. */
  position?: number | null;
}

/** Runs the model in the container that served this page, as a job, which tells how far it is. */
export class ServerRunner implements Runner {
  readonly #inputs: Config["inputs"];

  constructor(inputs: Config["inputs"]) {
    this.#inputs = inputs;
  }

  async predict(files: Files, signal: AbortSignal, tell: (step: Step) => void): Promise<Reply> {
    const started = performance.now();
    const { output, model, processing_time } = await ask(this.#body(files), signal, (progress) =>
      tell(stepOf(progress)),
    );
    const waited = (performance.now() - started) / 1000;
    return {
      outputs: output,
      facts: [
        model.version ? `${model.name} ${model.version}` : model.name,
        `engine ${model.engine}`,
        `${seconds(processing_time)} in the model, ${seconds(waited)} in all`,
      ],
    };
  }

  resolve(address: string): string {
    return local(address);
  }

  /** The type that the browser knows if the input takes it; else the server finds it out. */
  mediaTypeOf(id: string, { type }: File): string {
    const input = this.#inputs.find((known) => known.id === id);
    return input?.mediaTypes.includes(type) ? type : "application/octet-stream";
  }

  #body(files: Files): FormData {
    const body = new FormData();
    for (const [id, list] of files)
      for (const file of list)
        body.append(id, new File([file], file.name, { type: this.mediaTypeOf(id, file) }));
    return body;
  }
}

function stepOf({ progress, position }: Progress): Step {
  if (position) return { text: `Waiting, number ${position} in the queue` };
  if (!progress) return { text: "Predicting …" };
  return { text: `Predicting, ${percent(progress)}`, share: progress };
}

/** Predict as a job. Aborting the signal cancels it. */
async function ask(
  body: FormData,
  signal: AbortSignal,
  progressed: (progress: Progress) => void,
): Promise<ServerReply> {
  const status = await fetchJson<Progress & { id: string }>("jobs", {
    method: "POST",
    body,
    signal,
  });
  progressed(status);
  const job = `jobs/${encodeURIComponent(status.id)}`;
  const cancel = () => fetch(job, { method: "DELETE" }).catch(() => {});
  signal.addEventListener("abort", cancel);
  try {
    await finished(`${job}/events`, signal, progressed);
    return await fetchJson<ServerReply>(`${job}/result`, { signal });
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Resolves when the job's events end. Whether it went well, its result tells. */
function finished(
  url: string,
  signal: AbortSignal,
  progressed: (progress: Progress) => void,
): Promise<void> {
  const events = new EventSource(url);
  return new Promise<void>((resolve, reject) => {
    const take = ({ data }: MessageEvent<string>) => {
      const progress: Progress = JSON.parse(data);
      progressed(progress);
      if (["succeeded", "failed", "canceled"].includes(progress.state ?? "")) resolve();
    };
    for (const name of ["state", "progress"]) events.addEventListener(name, take);
    events.onerror = () => {
      // The browser tries again by itself, unless the server refused.
      if (events.readyState === EventSource.CLOSED) resolve();
    };
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  }).finally(() => events.close());
}

async function fetchJson<Body>(path: string, init: RequestInit): Promise<Body> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    const detail = "The connection broke off. Is the container still running?";
    throw new TryProblem("The server doesn't answer", detail);
  });
  const body = await response.json();
  if (response.ok) return body;
  throw new TryProblem(body.title ?? "It didn't work", body.detail ?? response.statusText);
}
