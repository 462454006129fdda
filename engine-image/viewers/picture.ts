import { element } from "./dom.ts";
import type { Backdrop } from "./stack.ts";

/** The picture that a model made, beside the one that it got. */
export function drawPicture(
  src: string,
  name: string,
  backdrop: Backdrop | undefined,
): HTMLElement {
  const given = backdrop && figure(backdrop.src, "Input");
  return element("div", { className: "side-by-side" }, given, figure(src, name));
}

function figure(src: string, caption: string): HTMLElement {
  const image = element("img", { src, alt: caption });
  return element("figure", {}, image, element("figcaption", {}, caption));
}
