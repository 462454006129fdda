import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { serve as listen } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { ContributionError } from "#ci/errors.ts";
import { shownPath } from "#ci/registry.ts";

/** Serves a built site on this machine, from the given port or the next free one; returns its address. */
export async function serve(folder: string, port: number): Promise<string> {
  if (!existsSync(join(folder, "index.html")))
    throw new ContributionError({
      file: shownPath(folder),
      expected: "a built site with index.html",
      got: existsSync(folder) ? "another folder" : "nothing",
      hint: "`modelhub catalog` and `modelhub site` build one; ./scripts/demo does all of it",
    });
  const app = new Hono();
  const root = relative(process.cwd(), folder);
  app.use("*", serveStatic({ root }));
  app.notFound(async (context) => {
    const { readFile } = await import("node:fs/promises");
    const page = await readFile(join(folder, "404.html"), "utf8").catch(() => "not found");
    return context.html(page, 404);
  });
  for (let candidate = port; ; candidate++) {
    if (await opened(app, candidate)) return `http://localhost:${candidate}/`;
  }
}

function opened(app: Hono, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: app.fetch, hostname: "127.0.0.1", port }, () => resolve(true));
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
  });
}
