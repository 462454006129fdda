import type { Hono } from "hono";
import { matchedRoutes } from "hono/route";
import type { AppOptions } from "../app.ts";
import { reply } from "../reply.ts";

/** Counts every request, and tells Prometheus. */
export function metricsRoutes(app: Hono, { metrics }: AppOptions): void {
  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    // The route's pattern and not the path: there are as many as we have routes.
    const route = matchedRoutes(c).find(({ path }) => path !== "/*")?.path ?? "none";
    metrics.requests.add(1, route, c.res.status);
    metrics.requestSeconds.observe((performance.now() - started) / 1000, route);
  });
  app.get("/metrics", () =>
    reply(metrics.text(), { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
}
