import type { Results } from "./results.ts";

// Browsers refuse an address that changes with each key: Safari throws after a hundred in half a minute.
const pauseMilliseconds = 250;

/** The search of the front page. What it needs to answer is fetched when somebody first asks. */
class ModelFilter extends HTMLElement {
  readonly #form = this.#find<HTMLFormElement>("[data-search]");
  readonly #query = this.#find<HTMLInputElement>("input[name=q]");
  readonly #picked = new Set<string>();
  #results: Promise<Results> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    this.#form.addEventListener("input", () => this.#ask());
    // Whoever follows a link leaves the field first.
    this.#form.addEventListener("change", () => this.#keep());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("focusin", () => this.#load());
    this.#find("[data-empty] button").addEventListener("click", () => this.#clear());
    this.#query.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#clear();
    });
    this.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === "checkbox") this.#pick(target);
    });
    addEventListener("keydown", (event) => this.#focus(event));
    addEventListener("popstate", () => this.#restore());
    // The browser may put back a form's values after this runs; the address is the truth.
    addEventListener("pageshow", () => this.#restore());
    this.#restore();
  }

  #ask(): void {
    this.#show(this.#asked());
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#keep(), pauseMilliseconds);
  }

  #asked(): URLSearchParams {
    return new URLSearchParams(
      [...new FormData(this.#form)].flatMap(([key, value]) =>
        typeof value === "string" && value.trim() ? [[key, value.trim()]] : [],
      ),
    );
  }

  /** Keeps what is asked in the address. */
  #keep(): void {
    clearTimeout(this.#pause);
    const asked = this.#asked();
    const search = asked.size > 0 ? `?${asked}` : "";
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  }

  #restore(): void {
    clearTimeout(this.#pause);
    const asked = new URLSearchParams(location.search);
    for (const field of this.#form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
      "[name]",
    )) {
      field.value = asked.get(field.name) ?? "";
    }
    for (const box of this.querySelectorAll<HTMLInputElement>(".pick input")) this.#pick(box);
    if (asked.size > 0 || this.#results) this.#show(asked);
    else if (hasViews()) this.#showViews(asked);
  }

  async #showViews(asked: URLSearchParams): Promise<void> {
    const { showViews } = await import("./saved-views.ts");
    showViews(this.#find("[data-views]"), asked);
  }

  async #show(asked: URLSearchParams): Promise<void> {
    this.#showViews(asked);
    try {
      (await this.#load()).show(asked);
    } catch {
      this.#results = undefined;
      this.#find("[data-count]").textContent = "The search could not be fetched; try again.";
    }
  }

  #load(): Promise<Results> {
    this.#results ??= import("./results.ts").then(({ load }) => load(this, this.#picked));
    return this.#results;
  }

  /** Keeps what was picked while the list changes, and offers to compare it. */
  #pick({ value, checked }: HTMLInputElement): void {
    if (checked) this.#picked.add(value);
    else this.#picked.delete(value);
    const bar = this.#find("[data-bar]");
    const link = document.createElement("a");
    link.href = `${this.dataset["compare"]}?ids=${[...this.#picked].slice(0, 4)}`;
    const count = this.#picked.size;
    link.textContent = count > 4 ? "Compare the first 4 models" : `Compare ${count} models`;
    bar.replaceChildren(
      ...(count > 1 ? [link] : count > 0 ? ["Pick another model to compare."] : []),
    );
  }

  #clear(): void {
    this.#form.reset();
    this.#query.value = "";
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

function hasViews(): boolean {
  try {
    return localStorage.getItem("modelhub-views") !== null;
  } catch {
    return false;
  }
}

customElements.define("model-filter", ModelFilter);
