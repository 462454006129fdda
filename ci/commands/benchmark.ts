import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement } from "#schema/benchmark.ts";
import type { Lock } from "#schema/lock.ts";
import { type Labels, unpackData } from "../benchmarks/data.ts";
import { type RegisteredBenchmark, readBenchmarks } from "../benchmarks/read.ts";
import { score } from "../benchmarks/score.ts";
import { ContributionError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { sandboxArguments } from "../images/container.ts";
import { machinePlatform } from "../platforms.ts";
import { run } from "../process.ts";
import { nameOf, readRegistry } from "../registry.ts";
import { findEntries } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/** Predicts every file of `files` into `out`, as the engine's `batch` does. */
export type Batch = (files: string, out: string) => Promise<void>;

export interface Figures {
  items: number;
  metrics: Measurement["metrics"];
}

/** A benchmark of the registry by its id. Throws ContributionError for one that is not there. */
export function findBenchmark(id: string, at: Workspace): RegisteredBenchmark {
  const registry = readRegistry(at.registry);
  const { benchmarks, problems } = readBenchmarks(registry);
  const found = benchmarks.find((one) => one.id === id);
  if (found) return found;
  const ids = benchmarks.map((one) => one.id).join(", ");
  const file = join(registry.folder, "benchmarks");
  const expected = `one of ${ids || "no benchmark"}`;
  throw new ContributionError([...problems, { file, expected, got: `"${id}"` }]);
}

/** Runs a model over a benchmark's labelled files and says how often it was right. */
export async function measure(
  benchmark: RegisteredBenchmark,
  batch: Batch,
  data?: string,
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-benchmark-"));
  try {
    const [files, out] = [join(folder, "files"), join(folder, "out")];
    for (const one of [files, out]) mkdirSync(one);
    const labels: Labels = await unpackData(benchmark, files, data);
    await batch(files, out);
    return { items: labels.size, metrics: score(out, labels, benchmark.benchmark.metrics) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures published versions by their images, in the sandbox, and writes what came out into the registry. */
export async function benchmarkEntries(
  benchmark: RegisteredBenchmark,
  names: readonly string[],
  at: Workspace,
  data?: string,
): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const { id, version, lock, instance } of await findEntries(names, at)) {
    const name = nameOf({ id, version });
    if (!lock) {
      const expected = "a published version";
      const hint = "`modelhub pipeline` builds and publishes it";
      throw new ContributionError([{ file: name, expected, got: "no lock.json", hint }]);
    }
    const limits = { memoryMB: instance.policy.maxMemoryMB, cpus: 2 };
    const figures = await measure(benchmark, batchInSandbox(lock, limits), data);
    const result: Measurement = {
      schemaVersion: "1",
      id,
      version,
      image: lock.image.digest,
      data: benchmark.benchmark.data?.sha256 ?? "",
      measured: new Date().toISOString().slice(0, 10),
      ...figures,
    };
    writeJson(join(benchmark.folder, "results", `${name}.json`), result);
    results.push(result);
  }
  return results;
}

function batchInSandbox({ image }: Lock, limits: { memoryMB: number; cpus: number }): Batch {
  const own = machinePlatform();
  const platform = image.platforms[own] ? own : Object.keys(image.platforms)[0];
  return async (files, out) => {
    // The sandbox's user is nobody of this machine.
    chmodSync(files, 0o755);
    chmodSync(join(files, ".."), 0o755);
    chmodSync(out, 0o777);
    await run("docker", [
      ...["run", "--rm", "--platform", platform ?? own, ...sandboxArguments(limits)],
      ...["--volume", `${files}:/in:ro`, "--volume", `${out}:/out`],
      ...[`${image.name}@${image.digest}`, "batch", "/in", "--out", "/out"],
    ]);
  };
}
