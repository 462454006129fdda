import { element } from "#viewers/dom.ts";

/** Lines to copy, under a title. */
export function drawLine(title: string, text: string): HTMLElement {
  const button = element("button", { type: "button", ariaLabel: `Copy: ${title}` }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  });
  // The clipboard is for pages from this machine or by https only.
  const copy = window.isSecureContext ? button : undefined;
  const block = element("pre", {}, element("code", {}, text));
  return element("div", { className: "command" }, element("span", {}, title), copy, block);
}
