import type { SearchIndex, SearchShard } from "#schema/catalog.ts";
import { completions } from "../search/complete.ts";
import { type Facts, facets, type Sort, sorts } from "../search/fields.ts";
import { FilterError } from "../search/filter.ts";
import { type Answer, Search } from "../search/search.ts";
import { fillCard } from "./fill-card.ts";
import { Plates } from "./plates.ts";

// What is drawn at once; the button below draws as many more.
const step = 24;

/** Fetches the facts of all models, and readies the search. */
export async function load(root: HTMLElement, picked: ReadonlySet<string>): Promise<Results> {
  const api = root.dataset["api"] ?? "";
  const { shards } = await fetchJson<SearchIndex>(`${api}search/index.json`);
  const search = new Search();
  const parts = await Promise.all(shards.map((file) => fetchJson<SearchShard>(api + file)));
  for (const part of parts) await search.add(factsOf(part));
  return new Results(root, search, picked);
}

const factsOf = ({ models, summaries }: SearchShard): Facts[] =>
  models.map((model, place) => ({ ...model, summary: summaries[place] ?? "" }));

async function fetchJson<T>(address: string): Promise<T> {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
  return (await reply.json()) as T;
}

/** The list and the counts of the front page. */
export class Results {
  readonly #root: HTMLElement;
  readonly #search: Search;
  readonly #picked: ReadonlySet<string>;
  readonly #list: HTMLElement;
  /** The cards that came with the page, and all that were made since. */
  readonly #cards: Map<string, HTMLElement>;
  /** How many came with the page. */
  readonly #first: number;
  readonly #plates: Plates;
  /** The options of the drop-downs, with what stands before their count. */
  readonly #options: { element: HTMLOptionElement; facet: string; text: string }[];
  #found: Facts[] = [];

  constructor(root: HTMLElement, search: Search, picked: ReadonlySet<string>) {
    this.#root = root;
    this.#search = search;
    this.#picked = picked;
    this.#list = this.#find("[data-cards]");
    const cards = this.#list.querySelectorAll<HTMLElement>("[data-card]");
    this.#cards = new Map([...cards].map((card) => [card.dataset["card"] ?? "", card]));
    this.#first = cards.length;
    this.#plates = new Plates(root.dataset["models"] ?? "");
    const options = root.querySelectorAll<HTMLOptionElement>("option[data-text]");
    this.#options = [...options].map((element) => ({
      element,
      facet: element.closest("select")?.name ?? "",
      text: element.dataset["text"] ?? "",
    }));
    this.#find("[data-more] button").addEventListener("click", () => this.#drawMore());
  }

  /** Shows what was asked, or says why it can't be read; then the list stays as it was. */
  show(asked: URLSearchParams): void {
    const query = asked.get("q") ?? "";
    this.#complete(query);
    try {
      const answer = this.#search.find({
        query,
        chosen: new Map(facets.flatMap(({ name }) => pair(name, asked.get(name)))),
        sort: sortOf(asked.get("sort")),
      });
      this.#say("");
      this.#draw(answer, asked.size > 0);
      this.#count(answer);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      this.#say(error.message);
    }
  }

  #draw({ models }: Answer, isAsked: boolean): void {
    this.#found = models;
    const shown = isAsked ? models.slice(0, step) : models.slice(0, this.#first);
    this.#list.replaceChildren(...shown.map((model) => this.#card(model)));
    this.#find("[data-empty]").hidden = models.length > 0;
    this.#find("[data-more]").hidden = !isAsked || models.length <= shown.length;
    const all = this.#root.querySelector<HTMLElement>("[data-all]");
    if (all) all.hidden = isAsked;
  }

  #drawMore(): void {
    const from = this.#list.childElementCount;
    const more = this.#found.slice(from, from + step).map((model) => this.#card(model));
    this.#list.append(...more);
    this.#find("[data-more]").hidden = this.#list.childElementCount >= this.#found.length;
    more[0]?.querySelector("a")?.focus();
  }

  #card(model: Facts): HTMLElement {
    const known = this.#cards.get(model.id);
    if (known) return known;
    const card = fillCard(
      this.#find<HTMLTemplateElement>("[data-card-template]"),
      model,
      this.#root.dataset["models"] ?? "",
    );
    const box = card.querySelector("input");
    if (box) box.checked = this.#picked.has(model.id);
    this.#plates.expect(card);
    this.#cards.set(model.id, card);
    return card;
  }

  #count({ models, count, isNear }: Answer): void {
    const all = this.#search.models.length;
    const noun = all === 1 ? "model" : "models";
    const found =
      models.length === all
        ? `${all.toLocaleString("en")} ${noun}`
        : `${models.length.toLocaleString("en")} of ${all.toLocaleString("en")} ${noun}`;
    this.#find("[data-count]").textContent = isNear
      ? `Nothing has these words; ${found} with words near them`
      : found;
    for (const { element, facet, text } of this.#options) {
      const now = `${text} (${count(facet, element.value).toLocaleString("en")})`;
      // Most stay as they are, and reading is cheaper than writing.
      if (element.textContent !== now) element.textContent = now;
    }
  }

  #complete(query: string): void {
    const options = completions(query, this.#search.models).map((value) => {
      const option = document.createElement("option");
      option.value = value;
      return option;
    });
    this.#find("datalist").replaceChildren(...options);
  }

  #say(problem: string): void {
    this.#find("[data-problem]").textContent = problem;
    this.#find("input[name=q]").setAttribute("aria-invalid", String(problem !== ""));
  }

  #find<E extends HTMLElement>(selector: string): E {
    const element = this.#root.querySelector<E>(selector);
    if (element === null) throw new Error(`results: nothing matches ${selector}`);
    return element;
  }
}

const pair = (name: string, value: string | null): [string, string][] =>
  value ? [[name, value]] : [];

const sortOf = (name: string | null): Sort => (name && name in sorts ? (name as Sort) : "best");
