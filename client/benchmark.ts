import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type Batch,
  benchmarkEntries,
  type Figures,
  findBenchmark,
  measure,
} from "#ci/commands/benchmark.ts";
import { OursError } from "#ci/errors.ts";
import type { Workspace } from "#ci/workspace.ts";
import { predict } from "./predict.ts";

/** What was measured of a name: an entry, by its image, or a contributor's folder, in a plain process. */
export interface Measured extends Figures {
  name: string;
}

/** Measures entries and folders on a benchmark. Only what an image gave is written into the registry. */
export async function benchmark(
  id: string,
  names: readonly string[],
  options: { at: Workspace; data?: string | undefined; say: (line: string) => void },
): Promise<Measured[]> {
  const { at, data, say } = options;
  const found = findBenchmark(id, at);
  const measured: Measured[] = [];
  for (const name of names) {
    if (existsSync(join(name, "modelhub.json"))) {
      measured.push({ name, ...(await measure(found, batchInProcess(name, say), data)) });
    } else {
      const results = await benchmarkEntries(found, [name], at, data);
      measured.push(
        ...results.map(({ id, version, items, metrics }) => ({
          name: `${id}@${version}`,
          items,
          metrics,
        })),
      );
    }
  }
  return measured;
}

function batchInProcess(folder: string, say: (line: string) => void): Batch {
  return async (files, out) => {
    const code = await predict(folder, ["batch", files, "--out", out], say, "ignore");
    if (code !== 0) throw new OursError(`${folder}: batch ended with exit code ${code}`);
  };
}

/** `91.1 % (328 of 360; 95 % interval 87.7 to 93.6)`. */
export function describeFigure(
  { value, correct, low, high }: Figures["metrics"][number],
  items: number,
) {
  const percent = (share: number) => (share * 100).toFixed(1);
  return `${percent(value)} % (${correct} of ${items}; 95 % interval ${percent(low)} to ${percent(high)})`;
}
