import type { Prediction } from "#schema/record.ts";
import { arrayOf } from "#viewers/array.ts";
import { plural, words } from "#viewers/format.ts";

export interface Label {
  label: string;
  probability: number;
}

/** The labels of a label_list, likeliest first. */
export function labelsOf(output: Prediction): Label[] | undefined {
  return output.type === "label_list" ? output.prediction : undefined;
}

/** The numbers of a vector, unless they are so many that they stayed behind in a file. */
export function numbersOf(output: Prediction): ArrayLike<number> | undefined {
  if (output.type !== "vector" || typeof output.prediction === "string") return undefined;
  return arrayOf(output.prediction, output.shape).data;
}

/** What can be read as it is: a text, or a model's own JSON. */
export function textOf(output: Prediction): string | undefined {
  if (output.type === "text") return output.prediction;
  return output.type === "custom" ? JSON.stringify(output.prediction, null, 2) : undefined;
}

/** The picture that lies in the prediction itself. */
export function pictureOf(output: Prediction): string | undefined {
  const isData = output.type === "image" && output.prediction.startsWith("data:image/");
  return isData ? output.prediction : undefined;
}

const units: { [type: string]: string } = {
  bounding_boxes: "box",
  contour: "outline",
  keypoints: "point",
};

/** An output in words, where a page without script has no drawing of it: `Mask of 240 × 240`. */
export function factsOf({ type, shape }: Prediction): string {
  const unit = units[type];
  if (unit !== undefined) return plural(shape[0] ?? 0, unit);
  return [words(type), shape.join(" × ")].filter(Boolean).join(" of ");
}
