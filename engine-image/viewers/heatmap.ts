import { extent, type NumberArray, spatialAxes } from "./array.ts";
import { css, heatColour } from "./colours.ts";
import { opacitySlider, planeSlider } from "./controls.ts";
import { element, slider } from "./dom.ts";
import { numberIn } from "./format.ts";
import { drawPlanes, type Paint, planeOf } from "./plane.ts";
import { type Backdrop, stack } from "./stack.ts";

/** The values between which colours run. */
export interface Range {
  min: number;
  max: number;
}

/** How a heatmap is painted: values below `from` aren't. */
export function heatPaint({ min, max }: Range, from: number, opacity: number): Paint {
  const scale = max - min || 1;
  return (value) => (value >= from ? [heatColour((value - min) / scale), opacity] : undefined);
}

/** The colours with the values at their ends. */
export function colourBar({ min, max }: Range, unit: string | undefined): HTMLElement {
  const bar = element("span", { className: "colours", ariaHidden: "true" });
  const stops = Array.from({ length: 11 }, (_, at) => css(heatColour(at / 10)));
  bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  return element(
    "div",
    { className: "colour-bar" },
    element("span", { className: "number" }, numberIn(min, { min, max })),
    bar,
    element("span", { className: "number" }, numberIn(max, { min, max })),
    element("span", { className: "quiet" }, unit ?? ""),
  );
}

/** A slider for the least value that is drawn. */
export function fromSlider(range: Range, changed: (from: number) => void): HTMLElement {
  const read = (value: number) => numberIn(value, range);
  return slider("Draw from", { ...range, step: "any", value: range.min, read }, changed);
}

/** A flat heatmap over the input, with its colours, a slider for its opacity and one for its range. */
export function drawHeatmap(
  array: NumberArray,
  { axes, unit }: { axes: readonly string[] | undefined; unit: string | undefined },
  backdrop: Backdrop | undefined,
): HTMLElement {
  const spatial = spatialAxes(array.shape, axes);
  if (!spatial) return element("p", { className: "quiet" }, "A heatmap without two axes of space.");
  const { x, y, others } = spatial;
  const range = extent(array.data);
  const words = `Heatmap with values from ${numberIn(range.min, range)} to ${numberIn(range.max, range)}`;
  const canvas = element("canvas", {
    role: "img",
    ariaLabel: unit ? `${words}, ${unit}` : words,
    className: "smooth",
  });
  let offset = 0;
  let from = range.min;
  const draw = () =>
    drawPlanes(canvas, [{ plane: planeOf(array, x, y, offset), paint: heatPaint(range, from, 1) }]);
  draw();
  const planes = planeSlider(others, (place) => {
    offset = place;
    draw();
  });
  const least = fromSlider(range, (value) => {
    from = value;
    draw();
  });
  return element(
    "div",
    { className: "overlay" },
    stack(backdrop, canvas, x.size / y.size),
    colourBar(range, unit),
    planes,
    backdrop &&
      opacitySlider(0.6, (opacity) => {
        canvas.style.opacity = String(opacity);
      }),
    least,
  );
}
