import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJson } from "../files.ts";

/**
 * Gives this process, and what it starts, a folder of its own for what the program keeps, and an
 * engine of two files in it. To be called before the program is loaded, which `vi.hoisted` is for.
 */
export function takeOwnHome(): string {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-home-"));
  const engine = join(folder, "engine-image");
  writeJson(join(engine, "engine.json"), { version: "2.0.0" });
  writeJson(join(engine, "node.json"), { license: { source: "pkg:npm/node@22.0.0#LICENSE" } });
  process.env["MODELHUB_HOME"] = folder;
  process.env["MODELHUB_ENGINE_SOURCE"] = engine;
  // A commit's name, and all that is made of it, depends on its day.
  process.env["GIT_AUTHOR_DATE"] = process.env["GIT_COMMITTER_DATE"] = "2026-01-01T00:00:00Z";
  writeEngine(engine, "1");
  return folder;
}

/** Makes the engine another one. */
export function writeEngine(engine: string, text: string): void {
  writeJson(join(engine, "front", "main.json"), { text });
  writeFileSync(join(engine, "Dockerfile"), `# ${text}\n`);
}
