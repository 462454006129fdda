import { readdirSync } from "node:fs";
import type { Environment } from "./environment.ts";

/** Names of the GPUs that a worker may be given, as CUDA_VISIBLE_DEVICES takes them. */
export function visibleGpus(env: Environment, devices: string[] = deviceFiles()): string[] {
  if (env.CUDA_VISIBLE_DEVICES !== undefined)
    return env.CUDA_VISIBLE_DEVICES.split(",").filter((name) => name && name !== "-1");
  // CUDA counts those that are there from 0, whatever number their files have.
  return devices.filter((name) => /^nvidia\d+$/.test(name)).map((_, index) => String(index));
}

/** The environments that the workers have on top of ours: with several, each gets a GPU. */
export function workerEnvironments(
  workers: number | "gpus",
  findGpus: () => string[],
): Record<string, string>[] {
  // A single worker is given all of them: who looks for them keeps it waiting.
  if (workers === 1) return [{}];
  const gpus = findGpus();
  const count = workers === "gpus" ? Math.max(1, gpus.length) : workers;
  return Array.from({ length: count }, (_, index) => {
    const gpu = gpus[index % gpus.length];
    return gpu === undefined ? {} : { CUDA_VISIBLE_DEVICES: gpu };
  });
}

function deviceFiles(): string[] {
  try {
    return readdirSync("/dev");
  } catch {
    return [];
  }
}
