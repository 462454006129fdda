import { ContributionError, OursError } from "../errors.ts";
import { run } from "../process.ts";

/** The machine's GPUs, as NVIDIA's own program tells of them. */
export interface Gpu {
  /** Name of the first one, such as NVIDIA H100 80GB HBM3. */
  name: string;
  /** Throws unless a process computes on a GPU now: a model may go on on the CPU without a word. */
  requireUse(): Promise<void>;
}

/** Throws where there is no GPU that could be tested on. */
export async function requireGpu(): Promise<Gpu> {
  const names = await query("--query-gpu=name").catch(() => []);
  const [name] = names;
  if (!name)
    throw new OursError(
      "expected an NVIDIA GPU on this machine, got no answer from nvidia-smi\n  hint: without `--device` the samples are tested on the CPU",
    );
  const others = new Set(await processes());
  return { name, requireUse: () => requireUse(others) };
}

async function requireUse(others: ReadonlySet<string>): Promise<void> {
  if ((await processes()).some((pid) => !others.has(pid))) return;
  throw new ContributionError({
    file: "model.py",
    expected: "a model that computes on the GPU",
    got: "one that computes elsewhere",
    hint: "ONNX Runtime, for one, goes on on the CPU where a library of CUDA is missing; the container's log says which",
  });
}

/** Those that compute on a GPU now. */
function processes(): Promise<string[]> {
  return query("--query-compute-apps=pid");
}

async function query(what: string): Promise<string[]> {
  const out = await run("nvidia-smi", [what, "--format=csv,noheader"], { timeoutSeconds: 60 });
  return out.split("\n").filter((line) => line.trim() !== "");
}
