import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the tests of a run, and what they start, a folder for temporary files that goes with the run. */
export default function setup(): void {
  // Short, as a socket's path has at most 108 bytes.
  const folder = mkdtempSync(join(tmpdir(), "mh-"));
  process.env["TMPDIR"] = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
