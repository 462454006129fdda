import { chooser } from "#page/chooser.ts";
import type { CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import type { Config } from "#schema/config.ts";
import { element } from "#viewers/dom.ts";
import viewersSheet from "#viewers/viewers.css?url";
import { BrowserRunner } from "./browser-runner.ts";
import { ContainerRunner } from "./container-runner.ts";
import panelSheet from "./panel.css?url";
import { Result } from "./result.ts";
import type { Runner } from "./runner.ts";

export type Place = "browser" | "container";

type Built = NonNullable<CatalogVersion["built"]>;

/** Show samples, a place for one's own files and the result; the first sample is run at once. */
export async function openPanel(host: HTMLElement, place: Place): Promise<void> {
  const [{ built }] = await Promise.all([
    fetchVersion(host.dataset["version"] ?? ""),
    ...[viewersSheet, panelSheet].map(addSheet),
  ]);
  const panel = host.querySelector<HTMLElement>("[data-panel]");
  if (!built || !panel) return;
  const resolve = (file: string) =>
    new URL(file, new URL(host.dataset["api"] ?? "", location.href)).href;
  const address = host.querySelector<HTMLInputElement>("input[name=address]")?.value ?? "";
  const runner = runnerOf(built, place, resolve, address);
  const open = new Panel(built.record.config, built.samples, runner, resolve);
  panel.replaceChildren(open.node);
  panel.hidden = false;
  panel.scrollIntoView({ block: "nearest" });
  await open.start();
}

/** Imported as sheets they would be part of every page from the start. */
async function addSheet(href: string): Promise<void> {
  const link = element("link", { rel: "stylesheet", href });
  const loaded = new Promise((resolve) => {
    for (const event of ["load", "error"]) link.addEventListener(event, resolve);
  });
  document.head.append(link);
  await loaded;
}

async function fetchVersion(url: string): Promise<CatalogVersion> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  return response.json();
}

function runnerOf(
  { record, browser }: Built,
  place: Place,
  resolve: (file: string) => string,
  address: string,
): Runner {
  const { config } = record;
  if (place === "container" || !browser) return new ContainerRunner(config, address);
  const { weights, texts } = browser;
  return new BrowserRunner({
    inputs: config.inputs,
    outputs: config.outputs,
    weights: { ...weights, url: resolve(weights.file) },
    texts: Object.fromEntries(Object.entries(texts).map(([path, file]) => [path, resolve(file)])),
  });
}

class Panel {
  readonly node: HTMLElement;
  readonly #config: Config;
  readonly #samples: readonly CatalogSample[];
  readonly #resolve: (file: string) => string;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #result: Result;
  readonly #chosen = new Map<string, readonly File[]>();

  constructor(
    config: Config,
    samples: readonly CatalogSample[],
    runner: Runner,
    resolve: (file: string) => string,
  ) {
    this.#config = config;
    this.#samples = samples;
    this.#resolve = resolve;
    this.#buttons = samples.map((sample) => this.#button(sample));
    const shown = element("div", { className: "try-shown" });
    const outputs = element("div", {
      className: "try-outputs",
      role: "region",
      ariaLabel: "Result",
    });
    this.#result = new Result(config, runner, shown, outputs);
    const inputs = element(
      "div",
      {},
      element("div", { className: "try-samples" }, ...this.#buttons),
      ...config.inputs.map((input) => {
        const take = (files: File[]) => this.#chooseFiles(input.id, files);
        return chooser(input, config.inputs.length === 1, take).node;
      }),
      shown,
    );
    this.node = element("div", { className: "try-columns" }, inputs, outputs);
  }

  async start(): Promise<void> {
    const [sample] = this.#samples;
    if (sample) await this.#chooseSample(sample);
    else this.#result.say("Choose a file.");
  }

  #button(sample: CatalogSample): HTMLButtonElement {
    const button = element("button", { type: "button", ariaPressed: "false" }, sample.title);
    button.addEventListener("click", () => this.#chooseSample(sample));
    return button;
  }

  async #chooseSample(sample: CatalogSample): Promise<void> {
    this.#press(this.#samples.indexOf(sample));
    // The next file that is chosen begins anew, instead of joining the sample's others.
    this.#chosen.clear();
    const files = sample.inputs.map(async ({ id, file, mediaType }) => {
      const blob = await (await fetch(this.#resolve(file))).blob();
      const name = file.slice(file.lastIndexOf("/") + 1);
      return [id, [new File([blob], name, { type: mediaType })]] as const;
    });
    await this.#result.predict(new Map(await Promise.all(files)));
  }

  async #chooseFiles(id: string, files: readonly File[]): Promise<void> {
    this.#press(-1);
    this.#chosen.set(id, files);
    const missing = this.#config.inputs.filter((input) => !this.#chosen.has(input.id));
    if (missing.length === 0) return this.#result.predict(new Map(this.#chosen));
    this.#result.say(`Now choose ${missing.map((input) => `“${input.id}”`).join(" and ")}.`);
  }

  #press(place: number): void {
    for (const [at, button] of this.#buttons.entries()) button.ariaPressed = String(at === place);
  }
}
