import { element } from "#viewers/dom.ts";
import { fetchFile } from "./fetch-file.ts";
import type { Files } from "./runner.ts";

export interface Sample {
  id: string;
  title: string;
  /** Path of the file for each input. */
  inputs: Record<string, string>;
}

/** A button for each sample, with its picture where it has one. */
export function drawSamples(
  list: HTMLElement,
  samples: readonly Sample[],
  choose: (sample: Sample) => void,
): void {
  for (const sample of samples) {
    const title = element("span", { className: "title" }, sample.title);
    const button = element(
      "button",
      { type: "button", ariaPressed: "false" },
      thumbnail(sample),
      title,
    );
    button.addEventListener("click", () => {
      press(list, button);
      choose(sample);
    });
    list.append(element("li", {}, button));
  }
}

/** Mark one sample's button as the one in use, or none. */
export function press(list: HTMLElement, button?: HTMLElement): void {
  for (const other of list.querySelectorAll("button")) other.ariaPressed = String(other === button);
}

function thumbnail({ inputs }: Sample): HTMLElement {
  const paths = Object.values(inputs);
  const picture = paths.find((path) => /\.(png|jpe?g|webp|gif|bmp)$/i.test(path));
  if (picture) return element("img", { src: local(picture), alt: "", loading: "lazy" });
  const [ending = "file"] = /\.[a-z]+(\.gz)?$/i.exec(paths[0] ?? "") ?? [];
  return element("span", { className: "kind", ariaHidden: "true" }, ending);
}

/** The sample's files by input, as if the user had chosen them. Raises TryProblem. */
export async function sampleFiles({ inputs }: Sample, signal: AbortSignal): Promise<Files> {
  const entries = Object.entries(inputs).map(
    async ([id, path]) => [id, [await fetchFile(local(path), signal)]] as const,
  );
  return new Map(await Promise.all(entries));
}

/** Addresses relative to this page, so that it also works behind a proxy's path. */
export const local = (path: string): string => path.replace(/^\//, "");
