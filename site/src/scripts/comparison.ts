import type { BenchmarkList } from "#schema/benchmark.ts";
import type { CatalogVersion, SearchIndex, SearchShard } from "#schema/catalog.ts";
import { compareModels } from "../compare.ts";
import { comparisonTable } from "./comparison-table.ts";
import { graphDrawing } from "./graph-drawing.ts";

// More columns fit no screen.
const most = 4;

/** The models that the address names, fetched and drawn. */
export class Comparison {
  readonly #root: HTMLElement;
  readonly #api: string;
  #models: CatalogVersion[] = [];
  #choices: Map<string, string> | undefined;
  #benchmarks: BenchmarkList | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#api = root.dataset["api"] ?? "";
  }

  async start(): Promise<void> {
    const form = this.#find<HTMLFormElement>("[data-add]");
    const input = this.#find<HTMLInputElement>("input[name=id]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await this.#load([...this.#ids(), await this.#idOf(input.value.trim())]);
      input.value = "";
    });
    input.addEventListener("focus", () => this.#offer());
    this.#find("[data-only]").addEventListener("change", () => this.#draw());
    const run = this.#find<HTMLButtonElement>("[data-run]");
    run.addEventListener("click", () =>
      this.#runShared(run).catch((error: Error) => this.#say(`This didn't load: ${error.message}`)),
    );
    const ids = new URLSearchParams(location.search).get("ids") ?? "";
    await this.#load(ids.split(",").filter((id) => id !== ""));
  }

  #ids(): string[] {
    return this.#models.map(({ id }) => id);
  }

  async #load(asked: string[]): Promise<void> {
    const ids = [...new Set(asked)];
    const found = await Promise.all(
      ids
        .slice(0, most)
        .map((id) => this.#fetch<CatalogVersion>(`models/${encodeURIComponent(id)}.json`)),
    );
    this.#models = found.filter((model) => model !== undefined);
    this.#benchmarks ??= await this.#fetch<BenchmarkList>("benchmarks.json");
    const unknown = ids.filter((_, at) => at < most && !found[at]);
    this.#say(
      [
        unknown.length > 0 && `There is no model ${unknown.map((id) => `“${id}”`).join(" or ")}.`,
        ids.length > most && `Only ${most} models fit; the first ${most} are shown.`,
      ]
        .filter((sentence) => sentence !== false)
        .join(" "),
    );
    const shown = this.#ids();
    const search = shown.length > 0 ? `?ids=${shown}` : "";
    history.replaceState(history.state, "", location.pathname + search);
    this.#draw();
    this.#drawTogether();
  }

  #draw(): void {
    const table = this.#find("[data-table]");
    const isOnlyDifferent = this.#find<HTMLInputElement>("[data-only]").checked;
    const rows = compareModels(this.#models, this.#benchmarks).filter(
      ({ differs }) => differs || !isOnlyDifferent,
    );
    table.hidden = this.#models.length === 0;
    table.replaceChildren(
      comparisonTable(this.#models, rows, {
        models: this.#root.dataset["models"] ?? "",
        remove: (id) => this.#load(this.#ids().filter((other) => other !== id)),
      }),
    );
    this.#find("[data-empty]").hidden = this.#models.length > 1;
  }

  /** What is drawn anew only when other models are chosen. */
  #drawTogether(): void {
    const drawing = graphDrawing(this.#models);
    this.#find("[data-graphs]").replaceChildren(...(drawing ? [drawing] : []));
    const shared = this.#find("[data-shared]");
    shared.hidden = this.#models.filter(({ built }) => built).length < 2;
    this.#find("[data-lanes]").replaceChildren();
    this.#find<HTMLButtonElement>("[data-run]").hidden = false;
  }

  async #runShared(button: HTMLButtonElement): Promise<void> {
    const { SharedInput } = await import("./shared-input.ts");
    const api = new URL(this.#api, location.href);
    const input = new SharedInput(this.#models, (file) => new URL(file, api).href);
    this.#find("[data-lanes]").replaceChildren(input.node);
    button.hidden = true;
    await input.start();
  }

  /** Offers all models by title, once somebody wants to add one. */
  async #offer(): Promise<Map<string, string>> {
    if (this.#choices) return this.#choices;
    const index = await this.#fetch<SearchIndex>("search/index.json");
    const shards = await Promise.all(
      (index?.shards ?? []).map((file) => this.#fetch<SearchShard>(file)),
    );
    const models = shards.flatMap((shard) => shard?.models ?? []);
    this.#choices = new Map(models.map(({ id, title }) => [title.toLowerCase(), id]));
    const options = models.map(({ title }) => new Option(title, title));
    this.#find("datalist").replaceChildren(...options);
    return this.#choices;
  }

  async #idOf(text: string): Promise<string> {
    return (await this.#offer()).get(text.toLowerCase()) ?? text;
  }

  async #fetch<T>(file: string): Promise<T | undefined> {
    const reply = await fetch(this.#api + file);
    return reply.ok ? ((await reply.json()) as T) : undefined;
  }

  #say(problem: string): void {
    this.#find("[data-problem]").textContent = problem;
  }

  #find<E extends HTMLElement>(selector: string): E {
    const element = this.#root.querySelector<E>(selector);
    if (element === null) throw new Error(`comparison: nothing matches ${selector}`);
    return element;
  }
}
