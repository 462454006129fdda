import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "#ci/home.ts";

/**
 * Times the path of one model, as whole commands, and prints each beside its goal:
 *   npm run bench:path             with everything cached, as it is after ./scripts/demo
 *   npm run bench:path -- --cold   also ./scripts/demo with an empty MODELHUB_HOME (up to 20 minutes)
 */

const repetitions = 5;
const registry = join(root, ".modelhub", "registry");
const example = join(root, "contrib-template", "examples", "silero-vad");

if (!existsSync(registry)) {
  console.error("Run ./scripts/demo once before: the benchmark times what it has set up.");
  process.exit(1);
}

const modelhub = (...args: string[]) =>
  execa(join(root, "scripts", "modelhub"), args, { cwd: root });
const demo = (env: Record<string, string> = {}) =>
  execa(join(root, "scripts", "demo"), ["--no-serve"], { cwd: root, env });

await report("check of one entry", 2, () =>
  modelhub("check", "efficientnet-lite0", "--registry", registry),
);
await report("plan with nothing to do", 2, () => modelhub("plan", "--registry", registry));
await report("deployment stage, runtime and engine there", 3, deploymentSeconds);
await report("./scripts/demo, all cached", 90, () => demo(), 3);
if (process.argv.includes("--cold")) await report("./scripts/demo, cold", 20 * 60, coldDemo, 1);

/** Prints the median time of a command; a number that the command returns is taken for its time. */
async function report(
  what: string,
  goalSeconds: number,
  command: () => Promise<unknown>,
  rounds = repetitions,
): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const result = await command();
    times.push(typeof result === "number" ? result : (performance.now() - started) / 1000);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const range = `${(times[0] ?? 0).toFixed(2)}…${(times.at(-1) ?? 0).toFixed(2)}`;
  const goal = `goal ${goalSeconds} s, ratio ${(median / goalSeconds).toFixed(2)}`;
  console.log(
    `${what.padEnd(44)} ${median.toFixed(2).padStart(8)} s  (${range}, n=${rounds}; ${goal})`,
  );
}

/** Seconds of the last stage alone, for a source that was never built. */
async function deploymentSeconds(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-bench-"));
  try {
    const copy = join(folder, "model");
    cpSync(example, copy, { recursive: true });
    appendFileSync(join(copy, "README.md"), `\n${Date.now()}\n`);
    const { stdout } = await modelhub("build", copy, "--json", "--registry", registry);
    const [{ images }] = JSON.parse(stdout);
    if (images.runtime.seconds + images.engine.seconds > 0) return deploymentSeconds();
    return images.deployment.seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The demo with nothing of ours on the machine; packages of the system stay installed. */
async function coldDemo(): Promise<number> {
  const services = (verb: string, env: Record<string, string> = {}) =>
    execa(join(root, "scripts", "services"), [verb], { cwd: root, env });
  const home = { MODELHUB_HOME: mkdtempSync(join(tmpdir(), "modelhub-home-")) };
  await services("stop");
  const kept = join(root, ".modelhub");
  cpSync(kept, `${kept}.kept`, { recursive: true });
  rmSync(kept, { recursive: true, force: true });
  try {
    const started = performance.now();
    await demo(home);
    return (performance.now() - started) / 1000;
  } finally {
    await services("stop", home);
    rmSync(kept, { recursive: true, force: true });
    cpSync(`${kept}.kept`, kept, { recursive: true });
    rmSync(`${kept}.kept`, { recursive: true, force: true });
    rmSync(home.MODELHUB_HOME, { recursive: true, force: true });
    await services("start");
  }
}
