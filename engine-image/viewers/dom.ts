type Child = Node | string | undefined;

/** An HTML element with properties and children; children that are undefined are left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<Omit<HTMLElementTagNameMap[Name], "style">> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/** An SVG element with attributes and children. */
export function svg(
  name: keyof SVGElementTagNameMap,
  attributes: Record<string, string | number> = {},
  ...children: Child[]
): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

interface Range {
  min: number;
  max: number;
  step: number | "any";
  value: number;
  /** The value in words, beside the slider. */
  read(value: number): string;
}

/** A slider with its label and value; `changed` is called at once and after each move. */
export function slider(
  label: string,
  { min, max, step, value, read }: Range,
  changed: (value: number) => void,
): HTMLElement {
  const input = element("input", { type: "range" });
  // In this order: a value outside the range that the input has so far would be clipped.
  Object.assign(input, { min: String(min), max: String(max), step: String(step) });
  input.value = String(value);
  const shown = element("output", { className: "number" });
  const move = () => {
    shown.textContent = read(input.valueAsNumber);
    input.setAttribute("aria-valuetext", shown.textContent);
    changed(input.valueAsNumber);
  };
  input.addEventListener("input", move);
  move();
  return element("label", { className: "slider" }, element("span", {}, label), input, shown);
}

/** What is folded, and made when it is first asked for. */
export function folded(summary: string, make: () => Node): HTMLDetailsElement {
  const details = element("details", {}, element("summary", {}, summary));
  details.addEventListener("toggle", () => details.append(make()), { once: true });
  return details;
}

/** A region that scrolls by itself; with a tab stop the arrow keys reach it. */
export function scrolling<Node extends HTMLElement>(node: Node, label: string): Node {
  node.classList.add("scroll");
  node.tabIndex = 0;
  node.role = "group";
  node.ariaLabel = label;
  return node;
}
