import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { element } from "#viewers/dom.ts";
import { percent, seconds } from "#viewers/format.ts";
import { drawInput, type InputView } from "#viewers/input.ts";
import { drawOutput } from "#viewers/output.ts";
import { AskProblem, ask, type Progress, type Reply } from "./ask.ts";
import { local } from "./samples.ts";

/** The place where inputs and their predictions are shown; the newest question wins. */
export class Result {
  readonly #config: Config;
  readonly #inputs: HTMLElement;
  readonly #outputs: HTMLElement;
  #latest: AbortController | undefined;

  constructor(config: Config, inputs: HTMLElement, outputs: HTMLElement) {
    this.#config = config;
    this.#inputs = inputs;
    this.#outputs = outputs;
  }

  say(text: string): void {
    this.#show(element("p", { className: "quiet" }, text));
  }

  /** Say what the server waits for, until the model is loaded. */
  async untilReady(): Promise<void> {
    for (;;) {
      const response = await fetch("health/ready").catch(() => undefined);
      if (this.#latest || response?.ok) return;
      const problem = await response?.json().catch(() => undefined);
      this.say(problem?.title ?? "The server doesn't answer.");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (!this.#latest) this.say("Choose a sample or a file.");
    }
  }

  /** Show the files, predict, and show what comes. */
  async predict(files: ReadonlyMap<string, readonly File[]>, body: FormData): Promise<void> {
    this.#latest?.abort();
    const latest = new AbortController();
    this.#latest = latest;
    const { signal } = latest;
    const started = performance.now();
    const progressed = this.#wait(latest);
    const views = this.#drawInputs(files, signal);
    try {
      const reply = await ask(body, signal, progressed);
      const waited = (performance.now() - started) / 1000;
      const nodes = await this.#drawReply(reply, await views, waited);
      if (!signal.aborted) this.#show(...nodes);
    } catch (error) {
      if (this.#latest !== latest) return;
      if (signal.aborted) this.say("Cancelled.");
      else this.#show(drawProblem(error));
    }
  }

  async #drawInputs(
    files: ReadonlyMap<string, readonly File[]>,
    signal: AbortSignal,
  ): Promise<Map<string, InputView>> {
    const views = await Promise.all(
      this.#config.inputs.map(
        async (input) => [input.id, await drawInput(files.get(input.id) ?? [], input)] as const,
      ),
    );
    if (!signal.aborted)
      this.#inputs.replaceChildren(
        ...views.map(([id, { node }]) =>
          element("section", { className: "viewer", ariaLabel: `Input ${id}` }, node),
        ),
      );
    return new Map(views);
  }

  /** Words and a bar for what lasts longer than a second, with a button to give up. */
  #wait(latest: AbortController): (progress: Progress) => void {
    const text = element("span", { className: "quiet" }, "Predicting …");
    const bar = element("progress", { ariaLabel: "Progress" });
    const button = element("button", { type: "button", hidden: true }, "Cancel");
    bar.hidden = true;
    button.addEventListener("click", () => latest.abort());
    this.#show(element("div", { className: "waiting" }, text, button, bar));
    setTimeout(() => {
      bar.hidden = false;
      button.hidden = false;
    }, 1000);
    return ({ state, progress, position }) => {
      if (position) text.textContent = `Waiting, number ${position} in the queue`;
      if (state === "running") text.textContent = "Predicting …";
      if (!progress) return;
      text.textContent = `Predicting, ${percent(progress)}`;
      bar.value = progress;
    };
  }

  async #drawReply(
    { output, model, processing_time }: Reply,
    views: ReadonlyMap<string, InputView>,
    waited: number,
  ): Promise<Node[]> {
    const outputs = await Promise.all(output.map((one) => this.#drawOutput(one, views)));
    const facts = [
      model.version ? `${model.name} ${model.version}` : model.name,
      `engine ${model.engine}`,
      `${seconds(processing_time)} in the model, ${seconds(waited)} in all`,
    ];
    return [...outputs, element("p", { className: "quiet" }, facts.join(" · "))];
  }

  #drawOutput(output: Prediction, views: ReadonlyMap<string, InputView>): Promise<HTMLElement> {
    const declared = this.#config.outputs.find(({ id }) => id === output.name);
    const grid = declared?.grid === undefined ? undefined : views.get(declared.grid);
    const all = grid ? [grid] : [...views.values()];
    return drawOutput(output, {
      declared,
      backdrop: all.find(({ backdrop }) => backdrop)?.backdrop,
      volume: all.find(({ volume }) => volume)?.volume,
      resolve: local,
    });
  }

  #show(...nodes: Node[]): void {
    this.#outputs.replaceChildren(...nodes);
  }
}

function drawProblem(error: unknown): HTMLElement {
  const title = error instanceof AskProblem ? error.title : "This can't be shown";
  const detail = error instanceof Error ? error.message : String(error);
  return element(
    "div",
    { className: "problem" },
    element("h3", {}, title),
    element("p", {}, detail),
  );
}
