import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";

/** ONNX Runtime on the graphics card; operators that it lacks there run on the processor. */

ort.env.wasm.wasmPaths = { wasm: new URL(wasm, self.location.href).href };
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

export const { Tensor } = ort;

export function createSession(file: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(file, {
    executionProviders: ["webgpu", "wasm"],
    // Warnings about the graph are for who made it.
    logSeverityLevel: 3,
  });
}
