import { element } from "#viewers/dom.ts";

/** A search that a reader keeps, in this browser alone. */
interface View {
  name: string;
  search: string;
}

// What `model-filter.ts` looks for before it fetches this.
const key = "modelhub-views";

/** Shows what was kept, and offers to keep what is asked now. */
export function showViews(place: HTMLElement, asked: URLSearchParams): void {
  const views = read();
  const search = `?${asked}`;
  const isKept = views.some((view) => view.search === search);
  const again = () => showViews(place, asked);
  const items = views.map((view) => {
    const link = element("a", { href: view.search }, view.name);
    if (view.search === search) link.setAttribute("aria-current", "page");
    const name = `Forget ${view.name}`;
    const forget = element("button", { type: "button", ariaLabel: name, title: name }, "×");
    forget.addEventListener("click", () => {
      write(read().filter((other) => other.search !== view.search));
      again();
    });
    return element("li", {}, link, " ", forget);
  });
  const keep = element("button", { type: "button" }, "Keep this view");
  keep.addEventListener("click", () => {
    write([...read(), { name: nameOf(asked), search }]);
    again();
  });
  place.replaceChildren(
    ...(items.length > 0 ? [element("ul", { ariaLabel: "Kept views" }, ...items)] : []),
    ...(asked.size > 0 && !isKept ? [keep] : []),
  );
}

/** What is asked, as one reads it: `cell, task segmentation`. */
function nameOf(asked: URLSearchParams): string {
  return [...asked].map(([name, value]) => (name === "q" ? value : `${name} ${value}`)).join(", ");
}

function read(): View[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]");
  } catch {
    // Somebody else's, or a browser that keeps nothing.
    return [];
  }
}

function write(views: readonly View[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(views));
  } catch {
    // A browser that keeps nothing: the address still holds the view.
  }
}
