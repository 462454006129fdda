import { element, folded, scrolling } from "./dom.ts";

/** A text with its line breaks. */
export function drawText(text: string, name: string): HTMLElement {
  return scrolling(element("div", { className: "text" }, text), name);
}

/** Any JSON value; what is long is folded, with its first words to see. */
export function drawJson(value: unknown, name: string): HTMLElement {
  const text = JSON.stringify(value, null, 2) ?? "null";
  const block = () => scrolling(element("pre", {}, text), name);
  return text.length < 400 ? block() : folded(outlineOf(value), block);
}

/** What a JSON value is made of, in a line. */
export function outlineOf(value: unknown): string {
  if (Array.isArray(value)) return `List of ${value.length}`;
  if (value === null || typeof value !== "object") return "Text";
  const keys = Object.keys(value);
  const more = keys.length > 6 ? ` and ${keys.length - 6} more` : "";
  return `${keys.slice(0, 6).join(", ")}${more}`;
}
