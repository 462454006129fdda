import type { Built } from "#schema/catalog.ts";
import type { Allowance } from "./content-policy.ts";

/** ONNX Runtime's own size, as a host without compression sends it. */
export const runtimeBytes = 14_240_000;

const files: Allowance = {
  "media-src": ["blob:"],
  "worker-src": ["'self'"],
};
const ownMachine = ["http://localhost:*", "http://127.0.0.1:*"];

/** What a page needs that runs models in the browser alone. */
export const running: Allowance = {
  ...files,
  "script-src": ["'wasm-unsafe-eval'"],
  "img-src": ["blob:"],
  "connect-src": ["blob:"],
};

/** What a model's page needs to show the reader's files and to ask the reader's own machine. */
export function trying({ browser }: Built): Allowance {
  const both: Allowance = {
    ...files,
    "img-src": ["blob:", ...ownMachine],
    "connect-src": ["blob:", ...ownMachine],
  };
  // Netron, which draws the weights that are published, stands in a frame.
  return browser ? { ...running, ...both, "frame-src": ["'self'"] } : both;
}
