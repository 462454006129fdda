import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { debianCommand } from "../../scripts/lib/debian-command.ts";
import { memoryFolder } from "../../scripts/lib/memory-folder.ts";
import { bytesOf, type Post } from "./requests.ts";

/** A request that is sent again and again, over a number of connections at once. */
export interface Load {
  port: number;
  request: Post;
  connections: number;
  /** Whole ones. */
  seconds: number;
}

export interface LoadResult {
  succeeded: number;
  /** Replies with a status of 400 and more, and connections that broke. */
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

/** What load.lua prints. */
type Told = Pick<LoadResult, "seconds" | "p50Ms" | "p99Ms"> &
  Record<"replies" | "refused" | "broken", number>;

// A slow answer is no failure.
const timeoutSeconds = 60;

const folder = memoryFolder(1e6);

/** Load a server with one thread of wrk, which leaves it the rest of the machine. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const file = join(folder, "request");
  writeFileSync(file, bytesOf(load.request));
  const stdout = await wrk([
    "--threads=1",
    `--connections=${load.connections}`,
    `--duration=${load.seconds}s`,
    `--timeout=${timeoutSeconds}s`,
    `--script=${join(import.meta.dirname, "load.lua")}`,
    `http://127.0.0.1:${load.port}`,
    file,
  ]);
  const told = JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1)) as Told;
  const { replies, refused, broken, ...times } = told;
  return { succeeded: replies - refused, failed: refused + broken, ...times };
}

async function wrk(args: string[]): Promise<string> {
  const found = debianCommand("wrk", ["wrk", "libluajit-5.1-2", "libluajit-5.1-common"]);
  if (!found) throw new Error("wrk is not installed\n  hint: apt-get install wrk");
  const { command, libraries } = found;
  const { stdout } = await execa(command, args, {
    env: libraries ? { LD_LIBRARY_PATH: libraries } : {},
  });
  return stdout;
}
