import { randomBytes } from "node:crypto";
import type { Platform } from "#schema/primitives.ts";
import { ContributionError, OursError } from "../errors.ts";
import { ProcessError, run, runForBytes } from "../process.ts";
import { toldOnce } from "./told-once.ts";

/** The one way to run an image of a contributor: no network, no rights, limits on all it can use. */

export interface Limits {
  memoryMB: number;
  cpus: number;
  /** Whether it gets the machine's GPUs, by NVIDIA's container toolkit. */
  gpus?: boolean;
}

/** The arguments of `docker create` that make the sandbox. */
export function sandboxArguments({ memoryMB, cpus, gpus = false }: Limits): string[] {
  return [
    ...(gpus ? ["--gpus", "all"] : []),
    ...["--network", "none"],
    "--read-only",
    ...["--tmpfs", "/tmp:rw,nosuid,nodev,size=512m"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ...["--user", "65534:65534"],
    ...[
      "--pids-limit",
      "256",
      "--memory",
      `${memoryMB}m`,
      "--memory-swap",
      `${memoryMB}m`,
      "--cpus",
      String(cpus),
    ],
  ];
}

export interface Sandbox {
  /** The body that the engine in the container answers for a path. */
  get(path: string, timeoutSeconds: number): Promise<string>;
  /** The same for a body of that media type, which may be no text. */
  getBytes(path: string, accept: string, timeoutSeconds: number): Promise<Uint8Array>;
  /** Most memory that the container used so far, in bytes. */
  peakMemoryBytes(): Promise<number>;
}

const engine = ["/opt/modelhub/engine/bin/node", "/opt/modelhub/engine/front.mjs"];

/** Starts an image as a server in the sandbox, hands it to `use` and ends it whatever happens. */
export async function withContainer<Result>(
  image: string,
  platform: Platform,
  limits: Limits,
  use: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const name = await create(image, platform, limits, ["serve"]);
  try {
    await run("docker", ["start", name]);
    return await toldOnFailure(name, () => use(sandbox(name)));
  } finally {
    await run("docker", ["rm", "--force", "--volumes", name]);
  }
}

async function toldOnFailure<Result>(name: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof ProcessError) throw await toldByContainer(error, name);
    throw error;
  }
}

function sandbox(name: string): Sandbox {
  const exec = (args: string[], timeoutSeconds = 30) =>
    run("docker", ["exec", name, ...args], { timeoutSeconds: timeoutSeconds + 10 });
  return {
    get: (path, timeoutSeconds) =>
      exec([...engine, "get", "--wait", String(timeoutSeconds), path], timeoutSeconds),
    getBytes: (path, accept, timeoutSeconds) =>
      runForBytes("docker", ["exec", name, ...engine, "get", "--accept", accept, path], {
        timeoutSeconds: timeoutSeconds + 10,
      }),
    peakMemoryBytes: async () => {
      // Control groups have two versions, each with its own file.
      const files = [
        "/sys/fs/cgroup/memory.peak",
        "/sys/fs/cgroup/memory/memory.max_usage_in_bytes",
      ];
      const bytes = Number(await exec(["sh", "-c", `cat ${files.join(" 2>/dev/null || cat ")}`]));
      if (!Number.isInteger(bytes)) throw new OursError("the container told no peak memory");
      return bytes;
    },
  };
}

/** Runs the image once as a command, in the sandbox, with `input` as its stdin; returns its stdout. */
export async function runOnce(
  image: string,
  platform: Platform,
  limits: Limits,
  args: readonly string[],
  input: Uint8Array,
  timeoutSeconds: number,
): Promise<string> {
  const name = await create(image, platform, limits, args, ["--rm", "--interactive"]);
  const [start, seconds] = [["start", "--attach", "--interactive", name], timeoutSeconds + 30];
  try {
    return await run("docker", start, { input, timeoutSeconds: seconds });
  } catch (error) {
    // When docker's command ends, by the time or by too much output, the container may go on.
    await run("docker", ["rm", "--force", "--volumes", name]).catch(() => "");
    throw error;
  }
}

/**
 * Makes a container and returns its name. It is started apart, so that it is there before anything is timed:
 * a command that ends while docker still makes one leaves behind what comes after.
 */
async function create(
  image: string,
  platform: Platform,
  limits: Limits,
  args: readonly string[],
  options: readonly string[] = [],
): Promise<string> {
  const name = `modelhub-test-${process.pid}-${randomBytes(4).toString("hex")}`;
  await run("docker", [
    ...["create", ...options, "--name", name, "--platform", platform],
    ...sandboxArguments(limits),
    ...[image, ...args],
  ]);
  return name;
}

/** What the container said last explains a failure better than the command that met it. */
async function toldByContainer(error: ProcessError, name: string): Promise<ContributionError> {
  // Tracebacks come on stderr.
  const logs = 'docker logs --tail 400 "$0" 2>&1';
  const log = await run("sh", ["-c", logs, name]).catch(() => "");
  const state = await run("docker", ["inspect", "--format", "{{.State.OOMKilled}}", name]).catch(
    () => "",
  );
  const problem = {
    file: "model.py",
    expected: "the image answers in the sandbox (no network, read-only, limited memory)",
    got: toldOnce(`${log}\n${sentenceOf(error.output)}`),
    ...(state === "true" && {
      hint: "it ran out of memory: resources.memoryMB says how much it gets",
    }),
  };
  return new ContributionError([problem]);
}

/** What `get` said of a refusal, without the reply's body before it, which says the same as JSON. */
function sentenceOf(output: string): string {
  return output.replace(/^\{"type":"urn:modelhub:problem:[^\n]*?\}(?=\/)/, "").trim();
}
