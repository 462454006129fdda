import { type Step, TryProblem } from "#page/runner.ts";
import { bytes, percent } from "#viewers/format.ts";
import type { BrowserModel } from "./worker-messages.ts";

type Weights = BrowserModel["weights"];

const cacheName = "modelhub-weights";

/**
 * The weights, from this browser's cache or downloaded. Throws a TryProblem unless they have the
 * hash that was published.
 */
export async function fetchWeights(
  weights: Weights,
  tell: (step: Step) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  // Private windows may have no cache; then the file is downloaded each time.
  const cache = await caches.open(cacheName).catch(() => undefined);
  const kept = await cache?.match(weights.url);
  const file = kept ? new Uint8Array(await kept.arrayBuffer()) : await download(weights, tell);
  try {
    await requireHash(file, weights);
  } catch (error) {
    await cache?.delete(weights.url);
    throw error;
  }
  if (!kept) await cache?.put(weights.url, new Response(file)).catch(() => {});
  return file;
}

async function download(
  { url, bytes: size }: Weights,
  tell: (step: Step) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  let loaded = 0;
  const response = await fetch(url).catch(() => {
    throw brokenOff(loaded, size);
  });
  if (!response.ok || !response.body)
    throw new TryProblem(
      "The weights can't be downloaded",
      `The server answers ${response.status} ${response.statusText}.`,
    );
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    for await (const part of partsOf(response.body)) {
      parts.push(part);
      loaded += part.byteLength;
      const share = Math.min(loaded / size, 1);
      tell({ text: `Downloading the weights: ${percent(share)} of ${bytes(size)}`, share });
    }
  } catch {
    throw brokenOff(loaded, size);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function brokenOff(loaded: number, size: number): TryProblem {
  return new TryProblem(
    "The connection broke off",
    `${bytes(loaded)} of ${bytes(size)} of the weights had come. Nothing was run or kept; see whether you are online, and try again.`,
  );
}

/** The stream's parts. Not every browser lets one loop over a stream itself. */
async function* partsOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function requireHash(file: Uint8Array<ArrayBuffer>, { sha256 }: Weights): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found === sha256) return;
  throw new TryProblem(
    "These are not the published weights",
    `Expected SHA-256 ${sha256}, got ${found}. Nothing was run. Try again; if it happens again, the file on the server is damaged.`,
  );
}
