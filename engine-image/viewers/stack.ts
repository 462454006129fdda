import { element } from "./dom.ts";

/** The input as a picture that outputs are drawn on. */
export interface Backdrop {
  src: string;
  width: number;
  height: number;
}

/** A layer over the input, both in one frame; without a picture the layer stands alone. */
export function stack(backdrop: Backdrop | undefined, layer: Element, ratio: number): HTMLElement {
  const picture = backdrop && element("img", { src: backdrop.src, alt: "" });
  const frame = element("div", { className: "stack" }, picture, layer);
  frame.style.setProperty("--ratio", String(backdrop ? backdrop.width / backdrop.height : ratio));
  return frame;
}
