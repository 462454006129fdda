import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, Measurement } from "#schema/benchmark.ts";
import { Id } from "#schema/primitives.ts";
import type { Problem } from "../problems.ts";
import { nameOf, type Registry, readDocument } from "../registry.ts";

/** A benchmark of a registry, with what was measured on it. */
export interface RegisteredBenchmark {
  id: string;
  folder: string;
  benchmark: Benchmark;
  measurements: Measurement[];
}

/** Reads `benchmarks/<id>/` of a registry. What is wrong with them comes back as problems. */
export function readBenchmarks({ folder, entries }: Registry): {
  benchmarks: RegisteredBenchmark[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const names = new Set(entries.map(nameOf));
  const benchmarks = list(join(folder, "benchmarks")).flatMap((id): RegisteredBenchmark[] => {
    const own = join(folder, "benchmarks", id);
    if (!Id.safeParse(id).success) {
      const expected = "a folder named by 3 to 64 lower-case letters, digits and hyphens";
      problems.push({ file: own, expected, got: `"${id}"` });
      return [];
    }
    const benchmark = readDocument("benchmark", join(own, "benchmark.json"), problems);
    if (!benchmark) return [];
    const measurements = list(join(own, "results")).flatMap((name): Measurement[] => {
      const path = join(own, "results", name);
      const measurement = readDocument("measurement", path, problems);
      if (!measurement) return [];
      problems.push(...misplaced(measurement, benchmark, { path, name, names }));
      return [measurement];
    });
    return [{ id, folder: own, benchmark, measurements }];
  });
  return { benchmarks, problems };
}

/** A result speaks of a registered version and of this benchmark's figures, or of nothing. */
function misplaced(
  measurement: Measurement,
  benchmark: Benchmark,
  { path: file, name, names }: { path: string; name: string; names: ReadonlySet<string> },
): Problem[] {
  const of = nameOf(measurement);
  const problems: Problem[] = [];
  if (name !== `${of}.json`)
    problems.push({ file, expected: `the name ${of}.json`, got: `"${name}"` });
  if (!names.has(of)) problems.push({ file, key: "id", expected: "a registered version", got: of });
  const known = benchmark.metrics.map((metric) => metric.name);
  for (const metric of measurement.metrics) {
    if (!known.includes(metric.name))
      problems.push({
        file,
        key: "metrics",
        expected: `figures of the benchmark: ${known.join(", ")}`,
        got: `"${metric.name}"`,
      });
  }
  return problems;
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
