import { TryProblem } from "./runner.ts";

/** A server's file as if the user had chosen it. Raises TryProblem where it doesn't come. */
export async function fetchFile(url: string, signal: AbortSignal, type?: string): Promise<File> {
  const name = decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`The server answers ${response.status}.`);
    const content = await response.blob();
    return new File([content], name, { type: type ?? content.type });
  } catch (error) {
    signal.throwIfAborted();
    throw new TryProblem(`“${name}” can't be fetched`, (error as Error).message);
  }
}
