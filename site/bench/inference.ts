import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-web/wasm";
import { root } from "#ci/home.ts";
import { fetchWeights } from "#ci/weights.ts";
import type { Config } from "#schema/config.ts";

/**
 * `npm run bench:browser`: what a prediction takes in a browser's WASM, run by the V8 of Node, beside
 * native ONNX Runtime on the same machine. One thread each, processor time, the least of several runs.
 */

const examples = join(root, "contrib-template/examples");
const tested = join(root, "site/e2e/models");

const networks = [
  { folder: join(tested, "text-direction"), shape: [1, 3, 48, 192] },
  { folder: join(tested, "notes"), shape: [1, 43_844, 1] },
  { folder: join(examples, "text-regions"), shape: [1, 3, 736, 736] },
  { folder: join(examples, "deepbrain"), shape: [1, 128, 128, 128, 1] },
];

// The same in Python, for it is what the engine runs.
const script = `import json, sys, time
import numpy, onnxruntime
path, shape, runs = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
feeds = {session.get_inputs()[0].name: numpy.full(shape, 0.5, numpy.float32)}
times = []
for _ in range(runs):
    start = time.process_time()
    session.run(None, feeds)
    times.append(time.process_time() - start)
print(min(times) * 1000)
`;

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";
const rows = [];
for (const { folder, shape } of networks) rows.push(await measure(folder, shape));
console.table(rows);

async function measure(folder: string, shape: number[]) {
  const config: Config = JSON.parse(readFileSync(join(folder, "modelhub.json"), "utf8"));
  const [weights] = config.weights;
  if (!weights) throw new Error(`${folder} has no weights`);
  const { path } = await fetchWeights(weights, { folder });
  const native = nativeMs(path, shape);
  const wasm = await wasmMs(path, shape);
  return {
    model: config.id,
    "native CPU ms": native.toPrecision(3),
    "wasm CPU ms": wasm.toPrecision(3),
    ratio: (wasm / native).toFixed(1),
  };
}

async function wasmMs(path: string, shape: number[]): Promise<number> {
  const session = await ort.InferenceSession.create(readFileSync(path));
  const [name = ""] = session.inputNames;
  const length = shape.reduce((product, size) => product * size, 1);
  const feeds = { [name]: new ort.Tensor("float32", new Float32Array(length).fill(0.5), shape) };
  const times = [];
  for (let run = 0; run < runsOf(length); run += 1) {
    const start = process.cpuUsage();
    await session.run(feeds);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  await session.release();
  return Math.min(...times);
}

function nativeMs(path: string, shape: number[]): number {
  const python = process.env["MODELHUB_PYTHON"] ?? "python3";
  const length = shape.reduce((product, size) => product * size, 1);
  const runs = String(runsOf(length));
  return Number(execFileSync(python, ["-c", script, path, JSON.stringify(shape), runs]));
}

/** Small networks are run often, for their times differ most. */
function runsOf(elements: number): number {
  return elements > 1_000_000 ? 4 : 20;
}
