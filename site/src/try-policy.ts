import type { APIContext } from "astro";
import type { Built } from "#schema/catalog.ts";

/**
 * Lets a page show the reader's files, run a worker and ask the reader's own machine. To be called
 * before the page's head is written.
 */
export function allowTrying(csp: APIContext["csp"], { browser }: Built): void {
  const ownMachine = "http://localhost:* http://127.0.0.1:*";
  csp?.insertDirective(`img-src blob: ${ownMachine}`);
  csp?.insertDirective(`connect-src 'self' ${ownMachine}`);
  csp?.insertDirective("worker-src 'self'");
  if (!browser) return;
  // Resources of its own take the place of the default.
  for (const resource of ["'self'", "'wasm-unsafe-eval'"]) csp?.insertScriptResource(resource);
}
