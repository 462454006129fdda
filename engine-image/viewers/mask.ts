import { type NumberArray, spatialAxes } from "./array.ts";
import { css, labelColour } from "./colours.ts";
import { opacitySlider, planeSlider } from "./controls.ts";
import { element } from "./dom.ts";
import { percent } from "./format.ts";
import { drawPlanes, type Paint, planeOf } from "./plane.ts";
import { type Backdrop, stack } from "./stack.ts";

export type Labels = Readonly<Record<string, string>> | undefined;

/** A label of a mask, and the share of all elements that carry it. */
export interface LabelShare {
  value: number;
  name: string;
  share: number;
}

/** The labels that occur in a mask, 0 being the background. */
export function labelShares({ data }: Pick<NumberArray, "data">, labels: Labels): LabelShare[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] as number;
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([value, count]) => ({
      value,
      name: labels?.[String(value)] ?? `Label ${value}`,
      share: count / data.length,
    }));
}

/** What the shares say in a sentence, for those who don't see the mask. */
export function describeShares(shares: readonly LabelShare[]): string {
  if (shares.length === 0) return "Mask without any label";
  return `Mask: ${shares.map(({ name, share }) => `${name} ${percent(share)}`).join(", ")}`;
}

/** How a mask is painted with the given opacity. */
export function maskPaint(opacity: number): Paint {
  return (value) => (value ? [labelColour(value), opacity] : undefined);
}

/** The labels with their colours and shares. */
export function legend(shares: readonly LabelShare[]): HTMLElement {
  const entries = shares.map(({ value, name, share }) => {
    const swatch = element("span", { className: "swatch", ariaHidden: "true" });
    swatch.style.background = css(labelColour(value));
    return element(
      "li",
      {},
      swatch,
      element("span", {}, name),
      element("span", { className: "number" }, percent(share)),
    );
  });
  if (entries.length === 0) return element("p", { className: "quiet" }, "No label occurs.");
  return element("ul", { className: "legend" }, ...entries);
}

/** A flat mask over the input, with its legend and a slider for its opacity. */
export function drawMask(
  array: NumberArray,
  { axes, labels }: { axes: readonly string[] | undefined; labels: Labels },
  backdrop: Backdrop | undefined,
): HTMLElement {
  const spatial = spatialAxes(array.shape, axes);
  if (!spatial) return element("p", { className: "quiet" }, "A mask without two axes of space.");
  const { x, y, others } = spatial;
  const shares = labelShares(array, labels);
  const canvas = element("canvas", { role: "img", ariaLabel: describeShares(shares) });
  let offset = 0;
  const draw = () =>
    drawPlanes(canvas, [{ plane: planeOf(array, x, y, offset), paint: maskPaint(1) }]);
  draw();
  const planes = planeSlider(others, (place) => {
    offset = place;
    draw();
  });
  return element(
    "div",
    { className: "overlay" },
    stack(backdrop, canvas, x.size / y.size),
    planes,
    opacitySlider(backdrop ? 0.6 : 1, (opacity) => {
      canvas.style.opacity = String(opacity);
    }),
    legend(shares),
  );
}
