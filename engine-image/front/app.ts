import { Hono } from "hono";
import { cors } from "hono/cors";
import type { ModelInfo } from "./config.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { OutputStore } from "./output-store.ts";
import { requestId } from "./predict.ts";
import { Problem, problemResponse } from "./problem.ts";
import { reply } from "./reply.ts";
import { healthRoutes } from "./routes/health.ts";
import { inferenceProtocolRoutes } from "./routes/inference-protocol.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { maxRoutes } from "./routes/max.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { modelhubRoutes } from "./routes/modelhub.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { outputRoutes } from "./routes/outputs.ts";
import { docsRoutes, pageRoutes } from "./routes/page.ts";
import { urlInputRoutes } from "./routes/url-input.ts";
import type { Worker } from "./worker.ts";

export interface AppOptions {
  model: ModelInfo;
  worker: Worker;
  limits: Limits;
  /** Private folder for inputs that are too large for memory. */
  folder: string;
  /** Files of results, until they have been fetched. */
  outputs: OutputStore;
  metrics: Metrics;
  /** Origins that a browser may call from. None: no CORS headers at all. */
  corsOrigins: string[];
  log(line: string): void;
}

/** All routes of the server. It opens nothing by itself, so tests call `app.request()`. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  if (options.corsOrigins.length > 0) app.use(cors(corsOptions(options.corsOrigins)));
  metricsRoutes(app, options);
  jobRoutes(app, options);
  urlInputRoutes(app, options);
  modelhubRoutes(app, options);
  outputRoutes(app, options);
  inferenceProtocolRoutes(app, options);
  maxRoutes(app, options);
  healthRoutes(app, options);
  openapiRoutes(app, options);
  pageRoutes(app);
  docsRoutes(app);
  refuseOtherMethods(app);
  app.notFound((c) =>
    problemResponse(
      new Problem(
        "not_found",
        `There is nothing at ${shown(c.req.path)}. See /openapi.json for what there is.`,
      ),
      requestId(c),
    ),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(error, requestId(c));
    options.log(`modelhub: request ${requestId(c)} failed: ${error.stack}`);
    const detail = `The server failed on this request. Its log has the reason under ${requestId(c)}.`;
    return problemResponse(new Problem("internal", detail), requestId(c));
  });
  return app;
}

function corsOptions(origins: string[]) {
  return {
    origin: origins.includes("*") ? "*" : origins,
    allowMethods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
    allowHeaders: ["content-type", "prefer", "last-event-id"],
    exposeHeaders: [
      "server-timing",
      "x-request-id",
      "retry-after",
      "location",
      "inference-header-content-length",
      "x-modelhub-model",
      "x-modelhub-version",
      "x-modelhub-revision",
      "x-modelhub-weights",
      "x-modelhub-engine",
    ],
    maxAge: 600,
  };
}

/** Answer 405 with what is allowed wherever a path is known but not the method. */
function refuseOtherMethods(app: Hono): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    const known = methods.get(path) ?? new Set(["OPTIONS"]);
    known.add(method);
    if (method === "GET") known.add("HEAD");
    methods.set(path, known);
  }
  for (const [path, known] of methods) {
    const allow = [...known].sort().join(", ");
    app.all(path, (c) => {
      if (c.req.method === "OPTIONS") return reply(null, { allow }, 204);
      throw new Problem(
        "method_not_allowed",
        `${shown(c.req.path)} takes ${allow}, but the request is ${c.req.method}.`,
        { headers: { allow } },
      );
    });
  }
}

/** A path as an error repeats it: not longer than a line. */
function shown(path: string): string {
  return path.length > 80 ? `${path.slice(0, 80)}…` : path;
}
