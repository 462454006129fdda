import type { Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { fileReply } from "../file-reply.ts";
import { Problem } from "../problem.ts";

/** Files of results, to which a prediction points while they are kept. */
export function outputRoutes(app: Hono, { outputs }: AppOptions): void {
  app.get("/api/output/:request/:file", async (c) => {
    const file = outputs.find(c.req.param("request"), c.req.param("file"));
    if (!file) throw noOutput();
    return fileReply(c, file.path, {
      "content-type": file.mediaType,
      "cache-control": "private, max-age=900",
    });
  });
}

function noOutput(): Problem {
  return new Problem(
    "not_found",
    "There is no such file of a result, or not any more: they are kept for 15 minutes, and fewer while many are made. Send the input again, or ask for the file itself with the header Accept.",
  );
}
