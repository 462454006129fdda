import { chooser } from "#page/chooser.ts";
import { fetchFile } from "#page/fetch-file.ts";
import { Result } from "#page/result.ts";
import type { Runner } from "#page/runner.ts";
import type { Built, CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import type { Input } from "#schema/config.ts";
import { element, scrolling } from "#viewers/dom.ts";
import { recordedSample, recordRunner } from "./recorded-sample.ts";
import { browserModel } from "./try/browser-model.ts";
import { BrowserRunner } from "./try/browser-runner.ts";
import { addSheets } from "./try/sheets.ts";

type Resolve = (file: string) => string;

/** One input through all chosen models: those that run here answer side by side. */
export class SharedInput {
  readonly node: HTMLElement;
  readonly #resolve: Resolve;
  readonly #shown = element("div", { className: "try-shown" });
  readonly #lanes: Lane[];
  readonly #buttons: HTMLButtonElement[];
  #latest = new AbortController();

  constructor(models: readonly CatalogVersion[], resolve: Resolve) {
    this.#resolve = resolve;
    this.#lanes = models.flatMap(({ entry, built }, at) => {
      const shown = at === 0 ? this.#shown : element("div");
      return built ? new Lane(entry.title, built, shown, resolve) : [];
    });
    const samples = distinct(this.#lanes.flatMap(({ built }) => built.samples));
    this.#buttons = samples.map((sample) => {
      const button = element("button", { type: "button", ariaPressed: "false" }, sample.title);
      button.addEventListener("click", () => this.#chooseSample(button, sample));
      return button;
    });
    this.node = element(
      "div",
      { className: "try-columns shared" },
      element(
        "div",
        {},
        element("div", { className: "try-samples" }, ...this.#buttons),
        this.#chooser(),
        this.#shown,
      ),
      element("div", { className: "lanes" }, ...this.#lanes.map(({ node }) => node)),
    );
  }

  /** Runs the first sample, so that something is to be seen. */
  async start(): Promise<void> {
    await addSheets();
    this.#buttons[0]?.click();
  }

  /** A place for a file that any of the models takes. */
  #chooser(): HTMLElement | undefined {
    const inputs = this.#lanes.flatMap(({ built }) => built.record.config.inputs);
    const [first] = inputs;
    if (!first) return undefined;
    const mediaTypes = [...new Set(inputs.flatMap((input) => input.mediaTypes))];
    const { kind, axes, dtype } = first;
    const any: Input = { id: "input", kind, axes, dtype, mediaTypes };
    return chooser(any, true, ([file]) => {
      if (file) this.#run(async () => file);
    }).node;
  }

  async #chooseSample(button: HTMLButtonElement, sample: CatalogSample): Promise<void> {
    const [input] = sample.inputs;
    if (!input) return;
    await this.#run(
      (signal) => fetchFile(this.#resolve(input.file), signal, input.mediaType),
      button,
    );
  }

  /** The file that was chosen last goes through all models; another that is under way is given up. */
  async #run(
    read: (signal: AbortSignal) => Promise<File>,
    pressed?: HTMLButtonElement,
  ): Promise<void> {
    for (const button of this.#buttons) button.ariaPressed = String(button === pressed);
    for (const lane of this.#lanes) lane.say("Reading …");
    this.#latest.abort();
    this.#latest = new AbortController();
    const { signal } = this.#latest;
    try {
      const file = await read(signal);
      if (!signal.aborted) await Promise.all(this.#lanes.map((lane) => lane.run(file)));
    } catch (error) {
      if (signal.aborted) return;
      for (const lane of this.#lanes) lane.say((error as Error).message);
    }
  }
}

/** One model's place beside the others. */
class Lane {
  readonly node: HTMLElement;
  readonly built: Built;
  readonly #title: string;
  readonly #shown: HTMLElement;
  readonly #outputs: HTMLElement;
  readonly #resolve: Resolve;
  readonly #runner: Runner | undefined;
  #result: Result | undefined;

  constructor(title: string, built: Built, shown: HTMLElement, resolve: Resolve) {
    this.built = built;
    this.#title = title;
    this.#shown = shown;
    this.#resolve = resolve;
    this.#outputs = element("div", { className: "try-outputs" });
    const model = browserModel(built, resolve);
    this.#runner = model && new BrowserRunner(model);
    this.node = element("section", { ariaLabel: title }, element("h3", {}, title), this.#outputs);
  }

  async run(file: File): Promise<void> {
    const [input, ...more] = this.built.record.config.inputs;
    if (!input) return;
    if (more.length > 0) return this.say("This model takes several inputs at once.");
    if (file.type !== "" && !input.mediaTypes.includes(file.type))
      return this.say(`This model takes ${input.mediaTypes.join(" or ")}, not ${file.type}.`);
    const runner = this.#runner ?? (await this.#recorded(file));
    if (!runner) return this.#sayCommand(file.name);
    this.#result = new Result(this.built.record.config, runner, this.#shown, this.#outputs);
    await this.#result.predict(async () => new Map([[input.id, [file]]]));
    // Outputs of several models often have one name, and screen readers list them side by side.
    for (const part of this.#outputs.querySelectorAll("section"))
      part.ariaLabel = `${this.#title}: ${part.ariaLabel}`;
  }

  /** What the pipeline recorded, if the file is one of the model's own samples. */
  async #recorded(file: File): Promise<Runner | undefined> {
    const sample = await recordedSample(this.built.samples, file, this.#resolve);
    return sample && recordRunner(sample);
  }

  /** Give up what is under way, and show words in its place. */
  say(text: string): void {
    this.#result?.say(text);
    this.#outputs.replaceChildren(element("p", { className: "quiet", role: "status" }, text));
  }

  #sayCommand(name: string): void {
    this.say("This model doesn't run in a browser. Its image does on your machine:");
    const command = `docker run --rm -i ${this.built.image} predict - < ${name}`;
    const line = element("pre", {}, element("code", {}, command));
    this.#outputs.append(scrolling(line, "Line that runs it"));
  }
}

/** Models often share a sample; it is offered once. */
function distinct(samples: readonly CatalogSample[]): CatalogSample[] {
  const single = samples.filter(({ inputs }) => inputs.length === 1);
  const keyOf = ({ title, inputs }: CatalogSample) => `${title} ${inputs[0]?.bytes}`;
  return [...new Map(single.map((sample) => [keyOf(sample), sample])).values()];
}
