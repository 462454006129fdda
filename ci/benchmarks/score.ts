import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { BenchmarkMetric, Measurement } from "#schema/benchmark.ts";
import { Prediction } from "#schema/record.ts";
import { ContributionError } from "../errors.ts";
import type { Labels } from "./data.ts";
import { wilson } from "./wilson.ts";

/** A line of the engine's results.jsonl, as far as a score needs it. */
const Row = z.object({ input: z.string(), outputs: z.array(z.string()), error: z.unknown() });
const Written = z.object({ output: z.array(Prediction) });

/** The figures that are measured, from what `batch` wrote into `out`. */
export function score(
  out: string,
  labels: Labels,
  metrics: readonly BenchmarkMetric[],
): Measurement["metrics"] {
  const given = readPredictions(out);
  const missing = [...labels.keys()].filter((file) => !given.has(file));
  if (missing.length > 0) {
    const expected = `a label list for each of ${labels.size} files`;
    const got = `none for ${missing.length} of them, such as ${missing[0]}`;
    throw new ContributionError([{ file: "results.jsonl", expected, got }]);
  }
  return metrics.flatMap(({ name, measure }) => {
    if (!measure) return [];
    const most = measure === "top-5 accuracy" ? 5 : 1;
    const right = [...labels].filter(([file, label]) =>
      given.get(file)?.slice(0, most).includes(label),
    );
    const correct = right.length;
    const interval = wilson(correct, labels.size);
    return [{ name, correct, value: correct / labels.size, ...interval }];
  });
}

/** What the model said of each file, likeliest first. */
function readPredictions(out: string): Map<string, string[]> {
  const lines = readFileSync(join(out, "results.jsonl"), "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => Row.parse(JSON.parse(line)));
  const predictions = new Map<string, string[]>();
  for (const { input, outputs, error } of rows) {
    const [file] = outputs;
    if (error !== null || !file) continue;
    const { output } = Written.parse(JSON.parse(readFileSync(join(out, file), "utf8")));
    const list = output.find(({ type }) => type === "label_list");
    if (list?.type !== "label_list") continue;
    predictions.set(
      input,
      list.prediction.map(({ label }) => label),
    );
  }
  return predictions;
}
