import { extent } from "./array.ts";
import { opacitySlider } from "./controls.ts";
import { element, slider } from "./dom.ts";
import { numberIn } from "./format.ts";
import { colourBar, fromSlider, heatPaint } from "./heatmap.ts";
import { describeShares, type Labels, labelShares, legend, maskPaint } from "./mask.ts";
import { drawPlanes, type Layer, type Paint } from "./plane.ts";
import { type Cut, cuts, greyRange, sliceOf, type Volume } from "./volume.ts";

/** What lies over a scan. */
export type Overlay =
  | { kind: "mask"; volume: Volume; labels: Labels }
  | { kind: "heatmap"; volume: Volume; unit: string | undefined };

/** Draws the same in a larger viewer, which is loaded for it. */
export type OpenVolume = (
  scan: Volume | undefined,
  overlay: Overlay | undefined,
) => Promise<HTMLElement>;

/**
 * Three slices through a scan, a mask or a heatmap, or through one over the other, with sliders; and
 * a button for a larger viewer where there is one.
 */
export function drawSlices(
  scan: Volume | undefined,
  overlay: Overlay | undefined,
  open?: OpenVolume,
): HTMLElement {
  const shown = scan ?? overlay?.volume;
  if (!shown) return element("div");
  const slices = slicesOf(shown, scan, overlay);
  return open
    ? element(
        "div",
        {},
        slices,
        opener(slices, () => open(scan, overlay)),
      )
    : slices;
}

/** A button that puts the larger viewer in the place of the slices. */
function opener(slices: HTMLElement, open: () => Promise<HTMLElement>): HTMLElement {
  const button = element("button", { type: "button" }, "Look at it in 3-D");
  const status = element("span", { className: "quiet", role: "status" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "Loading the viewer …";
    try {
      const viewer = await open();
      slices.replaceWith(viewer);
      button.remove();
      status.remove();
      viewer.scrollIntoView({ block: "nearest" });
    } catch (error) {
      status.textContent = `This browser can't show it in 3-D: ${(error as Error).message}`;
    }
  });
  return element("p", {}, button, " ", status);
}

function slicesOf(
  shown: Volume,
  scan: Volume | undefined,
  overlay: Overlay | undefined,
): HTMLElement {
  const views: View[] = [];
  const cover =
    overlay &&
    coverOf(overlay, scan ? 0.5 : 1, () => {
      for (const { draw } of views) draw();
    });
  const grey = scan && greyPaint(greyRange(scan));
  const layers = (cut: Cut, place: number): Layer[] => [
    ...(scan && grey ? [{ plane: sliceOf(scan, cut, place), paint: grey }] : []),
    ...(overlay && cover
      ? [{ plane: sliceOf(overlay.volume, cut, place, shown), paint: cover.paint() }]
      : []),
  ];
  for (const cut of cuts) views.push(viewOf(cut, shown, cover?.words, layers));
  return element(
    "div",
    { className: "overlay" },
    element("div", { className: "slices" }, ...views.map(({ node }) => node)),
    ...(cover?.controls ?? []),
  );
}

interface View {
  node: HTMLElement;
  draw(): void;
}

function viewOf(
  cut: Cut,
  shown: Volume,
  words: string | undefined,
  layers: (cut: Cut, place: number) => Layer[],
): View {
  const canvas = element("canvas", { role: "img" });
  const [x, y, across] = [shown.axes[cut.x], shown.axes[cut.y], shown.axes[cut.across]];
  canvas.style.setProperty("--ratio", String((x.size * x.spacing) / (y.size * y.spacing || 1)));
  let place = Math.floor(across.size / 2);
  const draw = () => {
    canvas.ariaLabel = [`${cut.name} slice ${place + 1}`, words].filter(Boolean).join(". ");
    drawPlanes(canvas, layers(cut, place));
  };
  const read = (at: number) => `${at + 1} of ${across.size}`;
  const range = { min: 0, max: across.size - 1, step: 1, value: place, read };
  const control = slider(cut.name, range, (at) => {
    place = at;
    draw();
  });
  const frame = element("div", { className: "slice" }, canvas, ...sides(cut, shown));
  return { draw, node: element("div", {}, frame, control) };
}

function greyPaint({ min, max }: { min: number; max: number }): Paint {
  const scale = max - min || 1;
  return (value) => {
    const grey = Math.min(255, Math.max(0, ((value - min) / scale) * 255));
    return [[grey, grey, grey], 1];
  };
}

interface Cover {
  words: string;
  paint(): Paint;
  controls: HTMLElement[];
}

function coverOf(overlay: Overlay, first: number, redraw: () => void): Cover {
  let opacity = first;
  const control = opacitySlider(first, (value) => {
    opacity = value;
    redraw();
  });
  if (overlay.kind === "mask") {
    const shares = labelShares(overlay.volume, overlay.labels);
    return {
      words: describeShares(shares),
      paint: () => maskPaint(opacity),
      controls: [control, legend(shares)],
    };
  }
  const range = extent(overlay.volume.data);
  let from = range.min;
  const least = fromSlider(range, (value) => {
    from = value;
    redraw();
  });
  return {
    words: `Heatmap with values from ${numberIn(range.min, range)} to ${numberIn(range.max, range)}`,
    paint: () => heatPaint(range, from, opacity),
    controls: [control, least, colourBar(range, overlay.unit)],
  };
}

/** The patient's sides at the left and right edge of a slice. */
function sides(cut: Cut, { isOriented }: Volume): HTMLElement[] {
  if (!isOriented) return [];
  const letters = cut.x === 0 ? ["R", "L"] : ["A", "P"];
  return letters.map((letter, at) =>
    element("span", { className: at === 0 ? "side first" : "side", ariaHidden: "true" }, letter),
  );
}
