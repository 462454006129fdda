import { element } from "#viewers/dom.ts";
import { fetchWeights } from "./try/weights.ts";

/**
 * Opens Netron in a frame and hands it the published weights, after their hash was checked. It gets
 * them as if the reader had chosen the file, so it fetches nothing itself.
 */
export async function openGraph(host: HTMLElement, say: (text: string) => void): Promise<void> {
  const { page = "", name = "", url = "", sha256 = "", bytes = "" } = host.dataset;
  const weights = { url: new URL(url, location.href).href, sha256, bytes: Number(bytes) };
  const file = await fetchWeights(weights, ({ text }) => say(text));
  say("Starting Netron …");
  const frame = element("iframe", { src: page, title: `Graph of ${name}, drawn by Netron` });
  host.append(frame);
  try {
    const input = await chooserOf(frame);
    const chosen = new DataTransfer();
    chosen.items.add(new File([file], name));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change"));
  } catch (error) {
    frame.remove();
    throw error;
  }
  say("Drag to move, scroll or pinch to zoom, choose a node for its attributes.");
}

const patienceSeconds = 30;

/** Netron's field for files, once it listens: then it shows its welcome page. */
async function chooserOf(frame: HTMLIFrameElement): Promise<HTMLInputElement> {
  const end = performance.now() + patienceSeconds * 1000;
  while (performance.now() < end) {
    const body = frame.contentDocument?.body;
    const input = body?.querySelector<HTMLInputElement>("#open-file-dialog");
    const isReady = body?.classList.contains("welcome") && !body.classList.contains("spinner");
    if (input && isReady) return input;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Netron didn't start within ${patienceSeconds} seconds.`);
}
