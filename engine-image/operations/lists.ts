import { by, floats, layout, type NumberArray } from "./array.ts";
import { back, type Placement, type Span } from "./placement.ts";
import {
  type Axis,
  type Item,
  inputOf,
  type Kwargs,
  Misfit,
  names,
  type Operation,
  place,
  pure,
  required,
  requireOne,
  type Setting,
} from "./step.ts";

/** Operations that end a chain: out of an array, a list of labels, boxes or points. */

/** The k largest values of a vector. */
export const topK: Operation = (_, kwargs) => {
  const k = required<number>(kwargs, "k");
  return pure(undefined, (array) => {
    if (!array.shape.includes(array.data.length))
      throw new Misfit(`is ${by(array.shape)}; top_k takes one axis that is larger than 1`);
    return [...floats(array).entries()]
      .sort(([, a], [, b]) => b - a)
      .slice(0, k)
      .map(([index, probability]) => ({ label: `${index}`, probability }));
  });
};

/** Names in the place of numbers. */
export const labels: Operation = (_, kwargs, { read }) => {
  requireOne(kwargs, "file", "values");
  const found: string[] = kwargs["values"] ?? labelNames(read(kwargs["file"]));
  const named = (item: Item): Item => {
    const label = found[Number(item["label"])];
    if (label === undefined)
      throw new Misfit(`has class ${item["label"]}; labels names ${found.length}, from 0`);
    return { ...item, label };
  };
  return { axes: undefined, run: (value) => (value as Item[]).map(named) };
};

/** The names in a JSON list, or on the lines of a text. */
function labelNames(text: string): string[] {
  if (!text.trimStart().startsWith("[")) return text.replace(/\r?\n$/, "").split(/\r?\n/);
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch (error) {
    throw new Misfit(`has a file that is no JSON list: ${(error as Error).message}`);
  }
}

interface Candidate {
  corners: readonly [number, number, number, number];
  score: number;
  label: number;
}

// What follows the box of a row, at least.
const scoreNumbers: Record<string, number> = { single: 2, per_class: 1, objectness: 2 };

/** Boxes in pixels of the input, surest first. */
export const nonMaxSuppression: Operation = (given, kwargs, setting) => {
  const { format = "xyxy", scores = "single", relative = false } = kwargs;
  const { score_threshold: least = 0.25, iou_threshold: overlap = 0.45, max = 100 } = kwargs;
  const id = planeInput(setting, kwargs);
  const rows = rowsOf(given, 4 + (scoreNumbers[scores] ?? 0));
  return {
    axes: undefined,
    run(value, placements) {
      const candidates = rows(value as NumberArray)
        .map((row) => ({ corners: corners(row, format), ...scored(row.subarray(4), scores) }))
        .filter(({ score }) => score > Math.fround(least));
      const [x, y] = plane(placements[id], relative);
      return survivors(candidates, overlap, max).flatMap(
        ({ corners: [x0, y0, x1, y1], score, label }) => {
          const box = [x(x0), y(y0), x(x1), y(y1)] as const;
          return box[0] < box[2] && box[1] < box[3]
            ? [{ label: `${label}`, score, box: [...box] }]
            : [];
        },
      );
    },
  };
};

/** Points in pixels of the input. */
export const keypoints: Operation = (given, kwargs, setting) => {
  const { format = "xy", names: pointNames, relative = false } = kwargs;
  const id = planeInput(setting, kwargs);
  const rows = rowsOf(given, 2);
  return {
    axes: undefined,
    run(value, placements) {
      const found = rows(value as NumberArray);
      if (pointNames && pointNames.length !== found.length)
        throw new Misfit(`has ${found.length} points; keypoints names ${pointNames.length}`);
      const [x, y] = plane(placements[id], relative);
      return found.map(([first = 0, second = 0, score], index) => ({
        name: pointNames?.[index] ?? `${index}`,
        ...(score !== undefined && { score }),
        point: format === "xy" ? [x(first), y(second)] : [x(second), y(first)],
      }));
    },
  };
};

/** A function that gives an array's numbers along channel as rows. */
function rowsOf(given: readonly Axis[], least: number): (array: NumberArray) => Float32Array[] {
  const index = place(given, "channel");
  requireNumbers(given[index]?.size, least);
  return (array) => {
    const { outer, size, inner } = layout(array.shape, index);
    requireNumbers(size, least);
    const values = floats(array);
    return Array.from({ length: outer * inner }, (_, row) => {
      const start = Math.floor(row / inner) * size * inner + (row % inner);
      return Float32Array.from({ length: size }, (_, place) => values[start + place * inner] ?? 0);
    });
  };
}

function requireNumbers(size: number | undefined, least: number): void {
  if (size !== undefined && size < least)
    throw new Misfit(`has ${size} numbers along channel; a row needs at least ${least}`);
}

/** xmin, ymin, xmax, ymax of a row. */
function corners(row: Float32Array, format: string): Candidate["corners"] {
  const [a = 0, b = 0, c = 0, d = 0] = row;
  if (format === "yxyx") return [b, a, d, c];
  if (format === "xywh") return [a, b, a + c, b + d];
  if (format === "cxcywh") return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
  return [a, b, c, d];
}

/** Score and class of a row, out of what follows the box. */
function scored(numbers: Float32Array, scores: string): { score: number; label: number } {
  const [first = 0, second = 0] = numbers;
  if (scores === "single") return { score: first, label: Math.round(second) };
  const each = scores === "objectness" ? numbers.subarray(1).map((one) => one * first) : numbers;
  const score = each.reduce((a, b) => Math.max(a, b), -Infinity);
  return { score, label: each.indexOf(score) };
}

/** The boxes that stay, surest first; of equals the first. */
function survivors(candidates: Candidate[], most: number, max: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const one of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === max) break;
    if (!kept.some((other) => other.label === one.label && iou(other, one) > most)) kept.push(one);
  }
  return kept;
}

/** Intersection over union; 0 where both are empty. */
function iou({ corners: a }: Candidate, { corners: b }: Candidate): number {
  const width = Math.max(Math.min(a[2], b[2]) - Math.max(a[0], b[0]), 0);
  const height = Math.max(Math.min(a[3], b[3]) - Math.max(a[1], b[1]), 0);
  const union = area(a) + area(b) - width * height;
  return union > 0 ? (width * height) / union : 0;
}

function area([x0, y0, x1, y1]: Candidate["corners"]): number {
  return (x1 - x0) * (y1 - y0);
}

/** The input in whose pixels the list is; it has x and y. */
function planeInput(setting: Setting, kwargs: Kwargs): string {
  const id = inputOf(setting, kwargs);
  const axes = setting.inputs[id] ?? [];
  const has = (...wanted: string[]) =>
    wanted.every((name) => axes.some((axis) => axis.name === name));
  if (!has("x", "y") && !has("width", "height"))
    throw new Misfit(`needs the axes x and y of input '${id}', which has ${names(axes)}`);
  return id;
}

/** Functions that bring x and y of the network's input back to the input's pixels. */
function plane(
  placement: Placement = {},
  relative: boolean,
): [(x: number) => number, (y: number) => number] {
  const of = (span: Span | undefined) => {
    if (!span) throw new Misfit("needs to know where the input's pixels went");
    const unit = relative ? span.move.size : 1;
    return (position: number) => back(span, position * unit);
  };
  return [of(placement["x"] ?? placement["width"]), of(placement["y"] ?? placement["height"])];
}
