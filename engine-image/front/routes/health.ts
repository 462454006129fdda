import type { Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { json } from "../reply.ts";

/** Is the server alive; would it predict. */
export function healthRoutes(app: Hono, { worker, model }: AppOptions): void {
  app.get("/health/live", () => json({ status: "live" }));
  app.get("/health/ready", () => {
    const { status } = worker;
    if (status.state !== "ready") throw worker.refusal;
    return json({
      status: "ready",
      model: { id: model.identity.id, version: model.identity.version },
      engine: model.engineVersion,
      python: status.python,
      load_seconds: status.loadSeconds,
    });
  });
}
