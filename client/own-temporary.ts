import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Gives this process, and what it starts, a folder for temporary files that goes with it, stopped or not. */
export function takeOwnTemporary(): void {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-"));
  process.env["TMPDIR"] = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  // Node ends at a signal without a word to anybody, unless somebody listens.
  for (const [signal, code] of Object.entries(exitCodes))
    process.once(signal, () => process.exit(code));
}
