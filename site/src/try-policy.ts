import type { APIContext } from "astro";
import type { Built } from "#schema/catalog.ts";

/** ONNX Runtime's own size, as a host without compression sends it. */
export const runtimeBytes = 14_240_000;

/**
 * Lets a page show the reader's files, run a worker and ask the reader's own machine. To be called
 * before the page's head is written.
 */
export function allowTrying(csp: APIContext["csp"], { browser }: Built): void {
  const ownMachine = "http://localhost:* http://127.0.0.1:*";
  csp?.insertDirective(`img-src blob: ${ownMachine}`);
  csp?.insertDirective(`connect-src 'self' blob: ${ownMachine}`);
  csp?.insertDirective("media-src blob:");
  csp?.insertDirective("worker-src 'self'");
  if (!browser) return;
  // Netron, which draws the weights that are published.
  csp?.insertDirective("frame-src 'self'");
  allowWasm(csp);
}

/** The same for a page that runs models in the browser alone. */
export function allowRunning(csp: APIContext["csp"]): void {
  csp?.insertDirective("img-src blob:");
  csp?.insertDirective("connect-src 'self' blob:");
  csp?.insertDirective("media-src blob:");
  csp?.insertDirective("worker-src 'self'");
  allowWasm(csp);
}

function allowWasm(csp: APIContext["csp"]): void {
  // Resources of its own take the place of the default.
  for (const resource of ["'self'", "'wasm-unsafe-eval'"]) csp?.insertScriptResource(resource);
}
