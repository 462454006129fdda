import { availableParallelism, cpus, totalmem } from "node:os";
import type { Machine } from "#schema/tests.ts";
import type { Limits } from "./images/container.ts";
import { run } from "./process.ts";

/** This machine, as much of it as the sandbox gives to a container. */
export async function machineWithin(limits: Limits): Promise<Machine> {
  return {
    processor: await processorName(),
    cpus: Math.min(limits.cpus, availableParallelism()),
    memoryBytes: Math.min(limits.memoryMB * 1_048_576, totalmem()),
  };
}

async function processorName(): Promise<string> {
  const known = nameIn(cpus()[0]?.model);
  if (known) return known;
  // Of Arm's processors Linux tells numbers alone, and lscpu has a list of them.
  const listed = await run("lscpu", [], { env: { LC_ALL: "C" } }).catch(() => "");
  return nameIn(/^Model name:(.*)$/m.exec(listed)?.[1]) ?? process.arch;
}

function nameIn(text = ""): string | undefined {
  const name = text.replaceAll(/\s+/g, " ").trim().slice(0, 100);
  return /^(unknown|-)?$/.test(name) ? undefined : name;
}
