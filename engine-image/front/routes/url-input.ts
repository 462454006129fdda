import type { Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { fetchInput } from "../fetch-input.ts";
import { predict } from "../predict.ts";
import { Problem } from "../problem.ts";

/** GET /api/predict?fileurl=…, where the server is allowed to fetch. */
export function urlInputRoutes(app: Hono, options: AppOptions): void {
  const { model, worker, limits } = options;
  app.get("/api/predict", (c, next) => {
    const address = c.req.query("fileurl");
    if (address === undefined || limits.urls.mode === "off") return next();
    if (worker.refusal) throw worker.refusal;
    const [input, ...others] = model.config.inputs;
    if (!input || others.length > 0) throw oneInput();
    const { signal } = c.req.raw;
    return predict(c, options, async (folder) => ({
      [input.id]: await fetchInput(address, input, folder, limits, signal),
    }));
  });
}

function oneInput(): Problem {
  return new Problem(
    "wrong_inputs",
    "This model takes several inputs, and an address names one. Send multipart/form-data with a file for each by POST to /api/predict.",
  );
}
