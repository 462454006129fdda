import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Config, Sample } from "#schema/config.ts";
import type { Platform } from "#schema/primitives.ts";
import { Prediction, type Report, type SampleResult } from "#schema/record.ts";
import { withArrays, withFiles, withKept } from "../arrays.ts";
import { compareOutputs } from "../compare.ts";
import { ContributionError } from "../errors.ts";
import { readJson } from "../files.ts";
import { type Limits, runOnce, type Sandbox, withContainer } from "../images/container.ts";
import type { Gpu } from "../images/gpu.ts";
import { machineWithin } from "../machine.ts";
import { today } from "../night.ts";
import { machinePlatform } from "../platforms.ts";
import type { Problem } from "../problems.ts";
import { ProcessError, run } from "../process.ts";
import type { FetchedSubject } from "../subject.ts";

/** The samples of a model, run in the sandbox on one platform. */

/** What the engine answers for a prediction, as far as the test reads it. */
const Reply = z.object({ output: z.array(Prediction), processing_time: z.number().min(0) });

// A prediction is repeated so that its time says something; the first one pays for warming up.
const repetitions = 3;
// What qemu runs takes many times as long, so limits are wider and nothing is timed twice.
const emulationSlows = 10;

/** Runs every sample of an image on one platform, on the machine's GPUs where it is told their name. */
export async function testPlatform(
  subject: FetchedSubject,
  image: string,
  platform: Platform,
  gpu?: Gpu,
): Promise<Report> {
  const { config } = subject;
  const limits = { ...limitsOf(subject), gpus: gpu !== undefined };
  const emulated = platform !== machinePlatform();
  const slower = emulated ? emulationSlows : 1;
  const timeoutSeconds = (config.resources?.timeoutSeconds ?? 120) * slower;
  const tested = today();
  await run("docker", ["pull", "--quiet", "--platform", platform, image]);

  const started = performance.now();
  const served = await withContainer(image, platform, limits, async (sandbox) => {
    await sandbox.get("/health/ready", 120 * slower);
    const startSeconds = (performance.now() - started) / 1000;
    const samples: SampleResult[] = [];
    const times: number[] = [];
    for (const sample of config.samples) {
      const rounds = emulated ? 0 : repetitions;
      const result = await testSample(subject, sample, sandbox, { timeoutSeconds, rounds, times });
      samples.push(result);
    }
    await gpu?.requireUse();
    return { startSeconds, samples, times, peakMemoryBytes: await sandbox.peakMemoryBytes() };
  });
  const commandLine = await testCommandLine(subject, image, platform, limits, timeoutSeconds);
  const samples = served.samples.map((result) => withCommandLine(result, commandLine));
  return {
    tested,
    platform,
    ...(gpu && { gpu: gpu.name }),
    machine: await machineWithin(limits),
    emulated,
    passed: samples.every(({ passed }) => passed),
    startSeconds: rounded(served.startSeconds),
    predictSeconds: rounded(median(served.times)),
    peakMemoryBytes: served.peakMemoryBytes,
    samples,
  };
}

async function testSample(
  subject: FetchedSubject,
  sample: Sample,
  sandbox: Sandbox,
  { timeoutSeconds, rounds, times }: { timeoutSeconds: number; rounds: number; times: number[] },
): Promise<SampleResult> {
  const path = `/api/predict_sample?filename=${encodeURIComponent(sample.id)}`;
  const first = Reply.parse(JSON.parse(await sandbox.get(path, timeoutSeconds)));
  if (rounds === 0) times.push(first.processing_time);
  for (let round = 0; round < rounds; round++) {
    times.push(Reply.parse(JSON.parse(await sandbox.get(path, timeoutSeconds))).processing_time);
  }
  const came = await withArrays(first.output, () =>
    sandbox.getBytes(path, "application/x-npy", timeoutSeconds),
  );
  const found = compareOutputs(subject.config.outputs, expectedOf(subject, sample), came);
  return {
    id: sample.id,
    passed: found.every(({ passed }) => passed),
    seconds: rounded(first.processing_time),
    outputs: withKept(first.output, came),
    differences: found,
  };
}

/** The first sample once more as a user would: `docker run -i IMAGE predict - < FILE`. */
async function testCommandLine(
  subject: FetchedSubject,
  image: string,
  platform: Platform,
  limits: Limits,
  timeoutSeconds: number,
): Promise<Pick<SampleResult, "id" | "differences"> | undefined> {
  const [sample] = subject.config.samples;
  const files = Object.values(sample?.inputs ?? {});
  if (!sample || files.length !== 1) return undefined;
  const input = readFileSync(join(subject.folder, files[0] ?? ""));
  let out: string;
  try {
    out = await runOnce(image, platform, limits, ["predict", "-", "--json"], input, timeoutSeconds);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    throw noPrediction(error.output);
  }
  const reply = printedReply(out);
  // The command line prints a picture as one, and what is compared are its numbers.
  const outputs = subject.config.outputs.filter(({ type }) => type !== "image");
  const found = compareOutputs(outputs, expectedOf(subject, sample), reply.output);
  return { id: sample.id, differences: found };
}

/** The prediction that the command line printed; that of a process which forked and went on comes twice. */
export function printedReply(out: string): z.infer<typeof Reply> {
  let json: unknown;
  try {
    json = JSON.parse(out);
  } catch {
    const hint = "a process that `os.fork` made has to end by `os._exit`";
    throw noPrediction(out.slice(0, 1000).trim(), hint);
  }
  return Reply.parse(json);
}

function noPrediction(got: string, hint?: string): ContributionError {
  const expected = "`docker run -i IMAGE predict -` prints a prediction";
  return new ContributionError({ file: "model.py", expected, got, hint });
}

function withCommandLine(
  result: SampleResult,
  commandLine: Pick<SampleResult, "id" | "differences"> | undefined,
): SampleResult {
  if (commandLine?.id !== result.id || !result.passed) return result;
  const failed = commandLine.differences.filter(({ passed }) => !passed);
  if (failed.length === 0) return result;
  const differences = failed.map(({ message, ...rest }) => ({
    ...rest,
    message: `on the command line: ${message}`,
  }));
  return { ...result, passed: false, differences };
}

/** What a report says against a model, for its author. */
export function differences({ config }: FetchedSubject, report: Report): Problem[] {
  return report.samples.flatMap((result) =>
    result.differences
      .filter(({ passed }) => !passed)
      .map(({ output, message }) => ({
        file: config.samples.find(({ id }) => id === result.id)?.expected ?? "modelhub.json",
        key: output,
        ...split(message),
        hint: `sample ${result.id} on ${report.platform}; \`modelhub predict\` shows what the model gives`,
      })),
  );
}

/** A difference reads "expected …, got …"; a problem holds the two apart. */
function split(message: string): Pick<Problem, "expected" | "got"> {
  const [, before = "", expected = message, got] =
    /^(.*?)expected (.*), got (.*)$/s.exec(message) ?? [];
  return { expected: `${before}${expected}`, ...(got !== undefined && { got }) };
}

function expectedOf(
  { folder, config }: FetchedSubject,
  { expected }: Sample,
): Record<string, unknown> {
  const values = readJson(join(folder, expected)) as Record<string, unknown>;
  return withFiles(config.outputs, values, folder);
}

function limitsOf({
  config,
  instance,
}: {
  config: Config;
  instance: FetchedSubject["instance"];
}): Limits {
  const { memoryMB = 2048, cpus = 2 } = config.resources ?? {};
  return { memoryMB: Math.min(memoryMB, instance.policy.maxMemoryMB), cpus };
}

function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? 0;
}

/** To a hundredth of a millisecond: more would be noise. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e5) / 1e5;
}
