import { reply } from "./reply.ts";

/** Errors as RFC 9457 says. The code knows its HTTP status; the detail is a sentence to be read aloud. */
const kinds = {
  malformed_request: { status: 400, title: "The request is malformed" },
  wrong_inputs: { status: 400, title: "The inputs don't fit the model" },
  url_input_off: { status: 403, title: "URL input is off" },
  url_refused: { status: 403, title: "The address may not be fetched" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  not_acceptable: { status: 406, title: "The outputs have no such form" },
  unfinished: { status: 409, title: "The job has no result yet" },
  canceled: { status: 409, title: "The job was canceled" },
  id_taken: { status: 409, title: "The id is taken" },
  too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: { status: 415, title: "The media type is not one of the model's" },
  input_undecodable: { status: 422, title: "The input can't be read" },
  input_outside_limits: { status: 422, title: "The input is outside the model's limits" },
  queue_full: { status: 429, title: "The queue is full" },
  client_gone: { status: 499, title: "The client closed the connection" },
  internal: { status: 500, title: "The server failed" },
  url_failed: { status: 502, title: "The address could not be fetched" },
  loading: { status: 503, title: "The model is loading" },
  worker_lost: { status: 503, title: "The model's process ended" },
  setup_failed: { status: 503, title: "The model could not be loaded" },
  stopping: { status: 503, title: "The server is stopping" },
  no_space: { status: 507, title: "There is no room for the upload" },
  timeout: { status: 504, title: "The prediction took too long" },
} as const;

export type ProblemCode = keyof typeof kinds;

/** What an error carries besides its sentence. */
export interface ProblemExtras {
  /** One entry for each thing that is wrong, where there are several. */
  errors?: ProblemEntry[];
  headers?: Record<string, string>;
}

export interface ProblemEntry {
  detail: string;
  pointer?: string;
}

/** An error as the worker reports it. */
export interface WorkerError {
  code: string;
  title: string;
  status: number;
  detail: string;
}

/** An error that a client gets as `application/problem+json`. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly errors: ProblemEntry[];
  readonly headers: Record<string, string>;

  constructor(kind: ProblemCode | WorkerError, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    const { code, status, title } =
      typeof kind === "string" ? { code: kind, ...kinds[kind] } : kind;
    this.code = code;
    this.status = status;
    this.title = title;
    this.errors = extras.errors ?? [];
    this.headers = extras.headers ?? {};
  }
}

/** The worker's error as ours; a status that is no error becomes 500. */
export function fromWorker(error: WorkerError): Problem {
  const status = error.status >= 400 && error.status <= 599 ? error.status : 500;
  return new Problem({ ...error, status }, error.detail);
}

/** Several problems told as one: all sentences in its detail, and each in `errors`. */
export function several(code: ProblemCode, problems: Problem[]): Problem {
  const errors = problems.map(({ message }) => ({ detail: message }));
  return new Problem(code, errors.map(({ detail }) => detail).join(" "), { errors });
}

/** The reply for a problem. `error` repeats the detail for clients of earlier engines. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const body = {
    type: `urn:modelhub:problem:${problem.code}`,
    code: problem.code,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance: `urn:uuid:${requestId}`,
    ...(problem.errors.length > 0 && { errors: problem.errors }),
    error: problem.message,
  };
  const headers = {
    "content-type": "application/problem+json",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
    ...problem.headers,
  };
  return reply(JSON.stringify(body), headers, problem.status);
}
