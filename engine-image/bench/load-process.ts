import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Load, LoadResult } from "./load.ts";

export type { LoadResult } from "./load.ts";

/** The load generator in a process of its own, so that it never waits for this one. */
export interface LoadProcess {
  run(load: Load): Promise<LoadResult>;
  stop(): void;
}

export function startLoad(): LoadProcess {
  const child = fork(join(import.meta.dirname, "load.ts"), { serialization: "advanced" });
  return {
    async run(load) {
      child.send(load);
      const [result] = await once(child, "message");
      return result as LoadResult;
    },
    stop: () => child.kill(),
  };
}
