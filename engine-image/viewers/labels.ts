import { element, folded } from "./dom.ts";
import { count, percent } from "./format.ts";

/** Labels with bars as long as they are likely, likeliest first; those after the tenth are folded. */
export function drawLabels(labels: readonly { label: string; probability: number }[]): HTMLElement {
  const shown = 10;
  const list = labels.toSorted((a, b) => b.probability - a.probability);
  const rest = list.slice(shown);
  return element(
    "div",
    {},
    bars(list.slice(0, shown)),
    rest.length > 0
      ? folded(`${count(rest.length)} more`, () => bars(rest.slice(0, 1000)))
      : undefined,
  );
}

function bars(list: readonly { label: string; probability: number }[]): HTMLElement {
  const rows = list.map(({ label, probability }) => {
    const bar = element("span", { className: "bar", ariaHidden: "true" }, element("span"));
    bar.style.setProperty("--share", String(Math.min(1, Math.max(0, probability))));
    return element(
      "li",
      {},
      element("span", {}, label),
      element("span", { className: "number" }, percent(probability)),
      bar,
    );
  });
  return element("ol", { className: "labels" }, ...rows);
}
