import { element } from "#viewers/dom.ts";

/** The pictures of cards that the search made, each fetched when its card comes near the window. */
export class Plates {
  readonly #models: string;
  readonly #watch = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) if (isIntersecting) this.#fill(target);
    },
    { rootMargin: "50%" },
  );

  /** `models` is the address that holds a page for each model. */
  constructor(models: string) {
    this.#models = models;
  }

  /** Give a card its plate as soon as somebody may see it. */
  expect(card: HTMLElement): void {
    this.#watch.observe(card);
  }

  async #fill(card: Element): Promise<void> {
    this.#watch.unobserve(card);
    const id = card.getAttribute("data-card") ?? "";
    const reply = await fetch(`${this.#models}${id}/`).catch(() => undefined);
    // The card says in words what the picture would have shown.
    if (!reply?.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    card.querySelector(".plate")?.replaceChildren(...partsOf(page));
  }
}

/** Of the first sample on a model's page, as much as a card has room for. */
function partsOf(page: Document): Element[] {
  const drawn = page.querySelector(".sample-out .drawn");
  if (drawn) return [drawn];
  const input = page.querySelector(".sample-in :is(img, .line, .file-kind)");
  const output = page.querySelector(".sample-out :is(.labels, .line, .text)");
  const parts = [
    input && element("div", { className: "plate-in" }, input),
    output && element("div", { className: "plate-out" }, brief(output)),
  ].filter((part) => part !== null);
  if (parts.length > 0) return parts;
  return [element("p", { className: "plate-empty" }, "No sample to show")];
}

function brief(output: Element): Element {
  for (const more of [...output.children].slice(3)) if (more.localName === "li") more.remove();
  if (output.localName !== "pre") return output;
  const lines = output.textContent?.split("\n").slice(0, 4).join("\n").slice(0, 120) ?? "";
  return element("p", { className: "file-kind" }, lines);
}
