import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";

/** ONNX Runtime on the processor. */

// The page's own copy: nothing comes from elsewhere.
ort.env.wasm.wasmPaths = { wasm: new URL(wasm, self.location.href).href };
// Threads need a page that is isolated from others, which plain static hosting can't ask for.
ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 4) : 1;
ort.env.logLevel = "error";

export const { Tensor } = ort;

export function createSession(file: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
}
