import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { decode } from "./decode.ts";
import { type Network, predict } from "./network.ts";
import { type Step, TryProblem } from "./runner.ts";
import { fetchWeights } from "./weights.ts";
import type { Answer, BrowserModel, Question } from "./worker-messages.ts";

/** Runs one model in the background, so that the page goes on answering. */

// The page's own copy: nothing comes from elsewhere.
ort.env.wasm.wasmPaths = { wasm: new URL(wasm, self.location.href).href };
// Threads need a page that is isolated from others, which plain static hosting can't ask for.
ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 4) : 1;
ort.env.logLevel = "error";

let opened: Promise<Network> | undefined;

self.addEventListener("message", async ({ data }: MessageEvent<Question>) => {
  try {
    opened ??= open(data.model);
    const network = await opened;
    tell({ text: "Predicting …" });
    const arrays = await Promise.all(
      network.inputs.map(async (input) => {
        const [file] = data.files.get(input.id) ?? [];
        if (!file) throw new TryProblem("Something is missing", `Choose “${input.id}”.`);
        return [input.id, await decode(input, file)] as const;
      }),
    );
    const started = performance.now();
    const outputs = await predict(network, new Map(arrays));
    answer({ kind: "done", outputs, seconds: (performance.now() - started) / 1000 });
  } catch (error) {
    const title = error instanceof TryProblem ? error.title : "It didn't work";
    answer({ kind: "failed", title, detail: (error as Error).message });
  }
});

async function open({ inputs, outputs, weights, texts }: BrowserModel): Promise<Network> {
  const [file, found] = await Promise.all([fetchWeights(weights, tell), fetchTexts(texts)]);
  tell({ text: "Starting ONNX Runtime …" });
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
  return { inputs, outputs, session, Tensor: ort.Tensor, read: (path) => found.get(path) ?? "" };
}

async function fetchTexts(texts: Record<string, string>): Promise<Map<string, string>> {
  const entries = Object.entries(texts).map(async ([path, url]) => {
    const response = await fetch(url);
    if (!response.ok)
      throw new TryProblem(`${path} can't be downloaded`, `The server answers ${response.status}.`);
    return [path, await response.text()] as const;
  });
  return new Map(await Promise.all(entries));
}

function tell(step: Step): void {
  answer({ kind: "step", step });
}

function answer(message: Answer): void {
  self.postMessage(message);
}
