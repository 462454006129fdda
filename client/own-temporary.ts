import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Gives this process, and what it starts, a folder for temporary files that goes with it, stopped or not. */
export function takeOwnTemporary(): void {
  useFolder("modelhub-");
  // Node ends at a signal without a word to anybody, unless somebody listens.
  for (const [signal, code] of Object.entries(exitCodes))
    process.once(signal, () => process.exit(code));
}

/** The same for a run of Vitest or Playwright, which end at a signal by themselves. */
export default function setup(): void {
  // Short, as a socket's path has at most 108 bytes.
  useFolder("mh-");
}

function useFolder(prefix: string): void {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  process.env["TMPDIR"] = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
