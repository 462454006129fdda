import { get, operation, problems, reply } from "./operations.ts";

/** What tells how the server is. */
export const serverPaths: Record<string, object> = {
  "/health/live": { get: get("getLive", "Does the server run?", "Live") },
  "/health/ready": {
    get: operation("getReady", "Is the model loaded?", {
      responses: { 200: reply("Ready"), ...problems(503) },
    }),
  },
  "/metrics": {
    get: operation("getMetrics", "Figures for Prometheus", {
      responses: {
        200: {
          description: "Metrics in Prometheus' text form.",
          content: { "text/plain": { schema: { type: "string" } } },
        },
      },
    }),
  },
};
