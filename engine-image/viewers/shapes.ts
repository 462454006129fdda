import type { Prediction } from "#schema/record.ts";
import { type Colour, css, labelColour } from "./colours.ts";
import { element, slider, svg } from "./dom.ts";
import { percent } from "./format.ts";
import { type Backdrop, stack } from "./stack.ts";

export type Shapes = Extract<Prediction, { type: "bounding_boxes" | "contour" | "keypoints" }>;

/** One thing that is drawn over the input, and what it is called. */
export interface Shape {
  name: string;
  score: number | undefined;
  points: readonly (readonly [number, number])[];
  kind: "outline" | "line" | "point";
  colour: Colour;
}

/** What an output has to draw; things of one name, or points of one instance, share a colour. */
export function shapesOf(output: Shapes): Shape[] {
  const colours = new Map<string, Colour>();
  const colour = (key: string) => {
    const known = colours.get(key) ?? labelColour(colours.size + 1);
    colours.set(key, known);
    return known;
  };
  const flat = (point: readonly number[]) => [point[0] ?? 0, point[1] ?? 0] as const;
  switch (output.type) {
    case "bounding_boxes":
      return output.prediction.map(({ label, score, box }) => {
        const [left = 0, top = 0, right = 0, bottom = 0] = box;
        const points = [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ] as const;
        return { name: label, score, points, kind: "outline", colour: colour(label) };
      });
    case "contour":
      return output.prediction.map(({ label = "Outline", points, closed }) => ({
        name: label,
        score: undefined,
        points: points.map(flat),
        kind: closed ? "outline" : "line",
        colour: colour(label),
      }));
    case "keypoints":
      return output.prediction.map(({ name, score, point, instance }) => ({
        name,
        score,
        points: [flat(point)],
        kind: "point",
        colour: colour(instance === undefined ? name : String(instance)),
      }));
  }
}

/** The input's size, or without it that of a rectangle around all shapes. */
export function frameOf(shapes: readonly Shape[], backdrop: Backdrop | undefined) {
  if (backdrop) return { width: backdrop.width, height: backdrop.height };
  const points = shapes.flatMap(({ points }) => points);
  const reach = (axis: 0 | 1) => points.reduce((most, point) => Math.max(most, point[axis]), 1);
  return { width: Math.ceil(reach(0) * 1.05), height: Math.ceil(reach(1) * 1.05) };
}

/** Boxes, outlines or points over the input, with a list of what they are. */
export function drawShapes(output: Shapes, backdrop: Backdrop | undefined): HTMLElement {
  const shapes = shapesOf(output);
  const { width, height } = frameOf(shapes, backdrop);
  const layer = svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const list = element("ul", { className: "legend" });
  const show = (least: number) => {
    const kept = shapes.filter(({ score }) => score === undefined || score >= least);
    layer.replaceChildren(...kept.map((shape) => drawShape(shape, Math.max(width, height))));
    list.replaceChildren(...kept.slice(0, 200).map(entry));
  };
  show(0);
  const scores = shapes.flatMap(({ score }) => score ?? []);
  const control =
    scores.length > 1 && Math.min(...scores) < Math.max(...scores)
      ? slider("Score from", { min: 0, max: 1, step: 0.01, value: 0, read: percent }, show)
      : undefined;
  return element(
    "div",
    { className: "overlay" },
    stack(backdrop, layer, width / height),
    control,
    shapes.length > 0 ? list : element("p", { className: "quiet" }, "Nothing was found."),
  );
}

function drawShape({ points, kind, colour, name }: Shape, size: number): SVGElement {
  const [x, y] = points[0] ?? [0, 0];
  const list = points.map((point) => point.join(",")).join(" ");
  const mark =
    kind === "point"
      ? svg("circle", { cx: x, cy: y, r: size / 100 })
      : svg(kind === "outline" ? "polygon" : "polyline", { points: list });
  mark.style.setProperty("--colour", css(colour));
  const dx = kind === "point" ? size / 60 : size / 200;
  const dy = kind === "point" ? size / 150 : -size / 150;
  // A label above the upper edge would be cut off.
  const at = { x: x + dx, y: Math.max(y + dy, size / 30), "font-size": size / 28 };
  return svg("g", { class: kind }, mark, svg("text", at, name));
}

function entry({ name, score, colour }: Shape): HTMLElement {
  const swatch = element("span", { className: "swatch", ariaHidden: "true" });
  swatch.style.background = css(colour);
  const value = score === undefined ? "" : percent(score);
  return element(
    "li",
    {},
    swatch,
    element("span", {}, name),
    element("span", { className: "number" }, value),
  );
}
