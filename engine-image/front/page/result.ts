import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { element } from "#viewers/dom.ts";
import { drawInput, type InputView } from "#viewers/input.ts";
import { drawOutput } from "#viewers/output.ts";
import type { OpenVolume } from "#viewers/slices.ts";
import { type Files, type Runner, type Step, TryProblem } from "./runner.ts";

type Views = ReadonlyMap<string, InputView>;

/** Where files come from: a disc, or a server that may take its time. */
export type Read = (signal: AbortSignal) => Promise<Files>;

/** The place where inputs and their predictions are shown; the newest question wins. */
export class Result {
  readonly #config: Pick<Config, "id" | "inputs" | "outputs">;
  readonly #runner: Runner;
  readonly #inputs: HTMLElement;
  readonly #outputs: HTMLElement;
  readonly #openVolume: OpenVolume | undefined;
  #latest: AbortController | undefined;
  #read: Read | undefined;

  constructor(
    config: Pick<Config, "id" | "inputs" | "outputs">,
    runner: Runner,
    inputs: HTMLElement,
    outputs: HTMLElement,
    openVolume?: OpenVolume,
  ) {
    this.#config = config;
    this.#runner = runner;
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#openVolume = openVolume;
  }

  /** Whether something was asked already. */
  get isAsked(): boolean {
    return this.#latest !== undefined;
  }

  /** Give up what is under way, and show words in its place. */
  say(text: string): void {
    this.#latest?.abort();
    this.#latest = undefined;
    this.#show(text);
  }

  /** Read the same files and predict them once more. */
  async again(): Promise<void> {
    if (this.#read) await this.predict(this.#read);
  }

  /** Read files, show them, predict, and show what comes. What was shown before goes at once. */
  async predict(read: Read): Promise<void> {
    this.#read = read;
    this.#latest?.abort();
    const latest = new AbortController();
    this.#latest = latest;
    const { signal } = latest;
    const tell = this.#wait(latest);
    try {
      const files = await read(signal);
      signal.throwIfAborted();
      const views = this.#drawInputs(files, signal);
      const { outputs, facts } = await this.#runner.predict(files, signal, tell);
      const shown = await views;
      const nodes = await Promise.all(outputs.map((one) => this.#drawOutput(one, shown)));
      if (signal.aborted) return;
      const line = element("p", { className: "quiet", role: "status" }, facts.join(" · "));
      this.#outputs.replaceChildren(...nodes, line, download(this.#config.id, outputs));
    } catch (error) {
      if (this.#latest !== latest) return;
      if (signal.aborted) this.#show("Cancelled.");
      else this.#outputs.replaceChildren(drawProblem(error, () => this.again()));
    }
  }

  #show(text: string): void {
    this.#outputs.replaceChildren(element("p", { className: "quiet", role: "status" }, text));
  }

  async #drawInputs(files: Files, signal: AbortSignal): Promise<Views> {
    const views = await Promise.all(
      this.#config.inputs.map(async (input) => {
        const view = await drawInput(files.get(input.id) ?? [], input, this.#openVolume);
        return [input.id, view] as const;
      }),
    );
    const sections = views.map(([id, { node }]) =>
      element("section", { className: "viewer", ariaLabel: `Input ${id}` }, node),
    );
    if (!signal.aborted) this.#inputs.replaceChildren(...sections);
    return new Map(views);
  }

  /** Words; for what lasts longer also a bar, and a button to give up. */
  #wait(latest: AbortController): (step: Step) => void {
    const text = element("span", { className: "quiet" }, "Starting …");
    const bar = element("progress", { ariaLabel: "Progress", hidden: true });
    const button = element("button", { type: "button", hidden: true }, "Cancel");
    button.addEventListener("click", () => latest.abort());
    this.#outputs.replaceChildren(element("div", { className: "try-waiting" }, text, button, bar));
    setTimeout(() => {
      bar.hidden = false;
      button.hidden = false;
    }, 500);
    return (step) => {
      text.textContent = step.text;
      if (step.share === undefined) bar.removeAttribute("value");
      else bar.value = step.share;
    };
  }

  #drawOutput(output: Prediction, views: Views): Promise<HTMLElement> {
    const declared = this.#config.outputs.find(({ id }) => id === output.name);
    const grid = declared?.grid === undefined ? undefined : views.get(declared.grid);
    const all = grid ? [grid] : [...views.values()];
    return drawOutput(output, {
      declared,
      backdrop: all.find(({ backdrop }) => backdrop)?.backdrop,
      volume: all.find(({ volume }) => volume)?.volume,
      openVolume: this.#openVolume,
      resolve: (address) => this.#runner.resolve?.(address) ?? address,
    });
  }
}

/** A link to the numbers themselves; what lies in a file of its own is named. */
function download(id: string, outputs: readonly Prediction[]): HTMLElement {
  const named = outputs.map((output) => {
    const { name, prediction } = output;
    const isFile = typeof prediction === "string" && prediction.startsWith("blob:");
    return isFile ? { ...output, prediction: `${name}.${endingOf(output)}` } : output;
  });
  const file = new Blob([JSON.stringify(named)], { type: "application/json" });
  const link = { href: URL.createObjectURL(file), download: `${id}.prediction.json` };
  return element("p", { className: "quiet" }, element("a", link, "Download as JSON"));
}

function endingOf({ type }: Prediction): string {
  return type === "image" ? "png" : "npy";
}

function drawProblem(error: unknown, again: () => void): HTMLElement {
  const title = error instanceof TryProblem ? error.title : "This can't be shown";
  const detail = error instanceof Error ? error.message : String(error);
  const button = element("button", { type: "button" }, "Try again");
  button.addEventListener("click", again);
  const words = element(
    "div",
    { role: "alert" },
    element("h3", {}, title),
    element("p", {}, detail),
  );
  return element("div", { className: "try-problem" }, words, button);
}
