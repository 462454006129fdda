import type { Prediction } from "#schema/record.ts";

/** A prediction, as /api/predict and finished jobs give it. */
export interface Reply {
  output: Prediction[];
  processing_time: number;
  model: { name: string; version: string | null; engine: string };
}

/** How far a job is, as its status and its events tell it. */
export interface Progress {
  state?: "queued" | "running" | "succeeded" | "failed" | "canceled";
  /** How much is done, 0 to 1. */
  progress?: number;
  /** Place in the queue, from 1. */
  position?: number | null;
}

/** Why there is no prediction, in the server's words. */
export class AskProblem extends Error {
  readonly title: string;

  constructor(title: string, detail: string) {
    super(detail);
    this.title = title;
  }
}

/** Predict as a job, which tells how far it is. Aborting the signal cancels the job. */
export async function ask(
  body: FormData,
  signal: AbortSignal,
  progressed: (progress: Progress) => void,
): Promise<Reply> {
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
    return await fetchJson<Reply>(`${job}/result`, { signal });
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
    throw new AskProblem("The server doesn't answer", detail);
  });
  const body = await response.json();
  if (response.ok) return body;
  throw new AskProblem(body.title ?? "It didn't work", body.detail ?? response.statusText);
}
