import { chooser } from "#page/chooser.ts";
import { fetchFile } from "#page/fetch-file.ts";
import { Result } from "#page/result.ts";
import type { Runner } from "#page/runner.ts";
import type { CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import type { Config } from "#schema/config.ts";
import { element } from "#viewers/dom.ts";
import { bytes } from "#viewers/format.ts";
import type { OpenVolume } from "#viewers/slices.ts";
import { browserModel } from "./browser-model.ts";
import { BrowserRunner } from "./browser-runner.ts";
import { ContainerRunner } from "./container-runner.ts";
import { addSheets } from "./sheets.ts";

// As a host without compression sends it.
const gpuRuntimeBytes = 26_800_000;

export type Place = "browser" | "container";

type Built = NonNullable<CatalogVersion["built"]>;

/** Show samples, a place for one's own files and the result; the first sample is run at once. */
export async function openPanel(host: HTMLElement, place: Place): Promise<void> {
  const [{ built }] = await Promise.all([fetchVersion(host.dataset["version"] ?? ""), addSheets()]);
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

async function fetchVersion(url: string): Promise<CatalogVersion> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  return response.json();
}

function runnerOf(
  built: Built,
  place: Place,
  resolve: (file: string) => string,
  address: string,
): Runner {
  const model = place === "browser" ? browserModel(built, resolve) : undefined;
  return model ? new BrowserRunner(model) : new ContainerRunner(built.record.config, address);
}

const openVolume: OpenVolume = async (scan, overlay) =>
  (await import("./niivue.ts")).drawVolume(scan, overlay);

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
    this.#result = new Result(config, runner, shown, outputs, openVolume);
    const choice = element("div");
    if (runner instanceof BrowserRunner) this.#offerGpu(runner, choice);
    const inputs = element(
      "div",
      {},
      element("div", { className: "try-samples" }, ...this.#buttons),
      choice,
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

  /** A box to tick where the browser has WebGPU; it takes effect at once. */
  async #offerGpu(runner: BrowserRunner, place: HTMLElement): Promise<void> {
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    if (!adapter) return;
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      runner.use(box.checked ? "gpu" : "cpu");
      this.#result.again();
    });
    const words = ` on the graphics card; ONNX Runtime is ${bytes(gpuRuntimeBytes)} then`;
    place.append(element("label", { className: "quiet" }, box, words));
  }

  #button(sample: CatalogSample): HTMLButtonElement {
    const button = element("button", { type: "button", ariaPressed: "false" }, sample.title);
    button.addEventListener("click", () => this.#chooseSample(sample));
    return button;
  }

  #chooseSample(sample: CatalogSample): Promise<void> {
    this.#press(this.#samples.indexOf(sample));
    // The next file that is chosen begins anew, instead of joining the sample's others.
    this.#chosen.clear();
    return this.#result.predict(async (signal) => {
      const files = sample.inputs.map(
        async ({ id, file, mediaType }) =>
          [id, [await fetchFile(this.#resolve(file), signal, mediaType)]] as const,
      );
      return new Map(await Promise.all(files));
    });
  }

  async #chooseFiles(id: string, files: readonly File[]): Promise<void> {
    this.#press(-1);
    this.#chosen.set(id, files);
    const missing = this.#config.inputs.filter((input) => !this.#chosen.has(input.id));
    if (missing.length > 0)
      return this.#result.say(
        `Now choose ${missing.map((input) => `“${input.id}”`).join(" and ")}.`,
      );
    const chosen = new Map(this.#chosen);
    await this.#result.predict(async () => chosen);
  }

  #press(place: number): void {
    for (const [at, button] of this.#buttons.entries()) button.ariaPressed = String(at === place);
  }
}
