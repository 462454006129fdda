import type { Built } from "#schema/catalog.ts";
import type { BrowserModel } from "./worker-messages.ts";

/** What a worker needs of a version, with absolute addresses; nothing where browsers can't run it. */
export function browserModel(
  { record, browser }: Built,
  resolve: (file: string) => string,
): BrowserModel | undefined {
  if (!browser) return undefined;
  const { inputs, outputs } = record.config;
  const { weights, texts } = browser;
  return {
    inputs,
    outputs,
    weights: { ...weights, url: resolve(weights.file) },
    texts: Object.fromEntries(Object.entries(texts).map(([path, file]) => [path, resolve(file)])),
  };
}
