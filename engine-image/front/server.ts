import { createServer, type Server } from "node:http";
import { type AppOptions, createApp } from "./app.ts";
import type { Address } from "./config.ts";
import { UsageError } from "./environment.ts";
import { listener } from "./listener.ts";

/** Serve the app at an address. Raises UsageError where nobody can listen there. */
export async function openServer(options: AppOptions, { port, host }: Address): Promise<Server> {
  const server = createServer(listener(createApp(options)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          `can't listen on port ${port}: ${error.message}\n  hint: MODELHUB_PORT names another one`,
        ),
      ),
    );
    server.listen({ port, ...(host && { host }) }, resolve);
  });
  return server;
}
