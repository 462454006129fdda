import { type Step, TryProblem } from "#page/runner.ts";
import { decode } from "./decode.ts";
import { type Network, predict } from "./network.ts";
import { fetchWeights } from "./weights.ts";
import type { Answer, BrowserModel, DeviceName, Question } from "./worker-messages.ts";

/** Runs one model in the background, so that the page goes on answering. */

let opened: Promise<Network> | undefined;

self.addEventListener("message", async ({ data }: MessageEvent<Question>) => {
  try {
    answer(await predictOn(data.device, data));
  } catch (error) {
    const { title, message } = problemOf(error as Error);
    answer({ kind: "failed", title, detail: message });
  }
});

/** Predict on a device; what a graphics card can't do, the processor does. */
async function predictOn(device: DeviceName, { model, files }: Question): Promise<Answer> {
  try {
    opened ??= open(model, device);
    const network = await opened;
    tell({ text: "Predicting …" });
    const inputs = await Promise.all(
      network.inputs.map(
        async (input) => [input.id, await decode(input, files.get(input.id) ?? [])] as const,
      ),
    );
    const started = performance.now();
    const outputs = await predict(network, new Map(inputs));
    return { kind: "done", outputs, device, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (device === "cpu" || error instanceof TryProblem) throw error;
    opened = undefined;
    return predictOn("cpu", { device, model, files });
  }
}

async function open(model: BrowserModel, device: DeviceName): Promise<Network> {
  const { inputs, outputs, weights, texts } = model;
  const [file, found, { createSession, Tensor }] = await Promise.all([
    fetchWeights(weights, tell),
    fetchTexts(texts),
    device === "gpu" ? import("./runtime-gpu.ts") : import("./runtime-cpu.ts"),
  ]);
  tell({ text: "Starting ONNX Runtime …" });
  const session = await createSession(file);
  return { inputs, outputs, session, Tensor, read: (path) => found.get(path) ?? "" };
}

function problemOf(error: Error): TryProblem {
  if (error instanceof TryProblem) return error;
  if (!isOutOfMemory(error)) return new TryProblem("It didn't work", error.message);
  return new TryProblem(
    "This doesn't fit into a browser's memory",
    "A page gets at most 4 GB, and the model asked for more with this file. Choose a smaller file, or run the model on your own machine.",
  );
}

/** Arrays of JavaScript throw a RangeError; ONNX Runtime says it in words. */
function isOutOfMemory(error: Error): boolean {
  return (
    error instanceof RangeError || /bad_alloc|allocat|out of memory|too large/i.test(error.message)
  );
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
