import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "#ci/home.ts";
import { load } from "./lib/load.ts";
import { writeLockedRegistry } from "./lib/locked-registry.ts";

/**
 * What `plan` costs where there is nothing to do: a registry of many locked versions, each in the
 * state that the pipeline leaves.
 */

const goalSeconds = 2;
const rounds = 5;

/** Times `modelhub plan` as a process of its own, and counts what it asks of the registry. */
export async function benchPlan(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-plan-"));
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeLockedRegistry(folder, count, `${host}/models`);
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await plan(folder, host));
    const seconds = median(runs.map((run) => run.seconds)).toFixed(2);
    const cpu = median(runs.map((run) => run.cpuSeconds)).toFixed(2);
    console.log(
      `plan, no-op    ${count} versions in ${seconds} s, ${cpu} s of a processor (medians of ${rounds}; load ${load()}), ${requests} requests to the registry (goal ${goalSeconds} s at 10,000, 0)`,
    );
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function plan(
  registry: string,
  host: string,
): Promise<{ seconds: number; cpuSeconds: number }> {
  const main = join(root, "client", "main.ts");
  // Only the shell tells what processor time a process took.
  const { stdout, stderr } = await execa(
    "bash",
    [
      "-c",
      'time "$@"',
      "plan",
      process.execPath,
      main,
      ...["plan", "--json", "--registry", registry],
    ],
    { env: { MODELHUB_STAGING: `${host}/build`, TIMEFORMAT: "%3R %3U %3S" } },
  );
  const { items } = JSON.parse(stdout) as { items: unknown[] };
  if (items.length > 0) throw new Error(`expected nothing to do, got ${items.length} items`);
  const [seconds = 0, user = 0, system = 0] = stderr.split(" ").map(Number);
  return { seconds, cpuSeconds: user + system };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
