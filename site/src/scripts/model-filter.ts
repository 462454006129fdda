import { fold, matches } from "../search.ts";

/** Filters the cards inside it as one types; the address keeps what was asked. */
class ModelFilter extends HTMLElement {
  readonly #form = this.#find<HTMLFormElement>("[data-search]");
  readonly #query = this.#find<HTMLInputElement>("input");
  readonly #count = this.#find<HTMLElement>("[data-count]");
  readonly #empty = this.#find<HTMLElement>("[data-empty]");
  readonly #cards = [...this.querySelectorAll<HTMLElement>("[data-card]")].map((element) => ({
    element,
    words: fold(`${element.textContent} ${element.dataset["words"] ?? ""}`),
  }));

  connectedCallback(): void {
    this.#form.addEventListener("input", () => this.#ask());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#empty.querySelector("button")?.addEventListener("click", () => this.#clear());
    this.#query.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#clear();
    });
    addEventListener("keydown", (event) => this.#focus(event));
    addEventListener("popstate", () => this.#restore());
    // The browser may put back a form's values after this runs; the address is the truth.
    addEventListener("pageshow", () => this.#restore());
    this.#restore();
  }

  #ask(): void {
    const asked = new URLSearchParams(
      [...new FormData(this.#form)].flatMap(([key, value]) =>
        typeof value === "string" && value.trim() ? [[key, value.trim()]] : [],
      ),
    );
    const search = asked.size > 0 ? `?${asked}` : "";
    history.replaceState(history.state, "", location.pathname + search + location.hash);
    this.#show(asked);
  }

  #restore(): void {
    const asked = new URLSearchParams(location.search);
    for (const field of this.#form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
      "[name]",
    )) {
      field.value = asked.get(field.name) ?? "";
    }
    this.#show(asked);
  }

  #show(asked: URLSearchParams): void {
    const query = asked.get("q") ?? "";
    let shown = 0;
    for (const { element, words } of this.#cards) {
      const isShown =
        matches(words, query) &&
        ["task", "license"].every(
          (key) => (asked.get(key) ?? element.dataset[key]) === element.dataset[key],
        );
      element.hidden = !isShown;
      if (isShown) shown += 1;
    }
    const all = this.#cards.length;
    const noun = all === 1 ? "model" : "models";
    this.#count.textContent = shown === all ? `${all} ${noun}` : `${shown} of ${all} ${noun}`;
    this.#empty.hidden = shown > 0;
  }

  #clear(): void {
    this.#form.reset();
    this.#ask();
    this.#query.focus();
  }

  #focus(event: KeyboardEvent): void {
    const isTyping =
      event.target instanceof Element && event.target.matches("input, select, textarea");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#query.focus();
    this.#query.select();
  }

  #find<E extends HTMLElement>(selector: string): E {
    const element = this.querySelector<E>(selector);
    if (element === null) throw new Error(`model-filter: nothing matches ${selector}`);
    return element;
  }
}

customElements.define("model-filter", ModelFilter);
