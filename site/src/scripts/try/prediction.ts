import { count, type NumberArray } from "#operations/array.ts";
import type { Value } from "#operations/step.ts";
import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import type { Grid } from "#viewers/grid.ts";
import { writeNpy } from "#viewers/npy.ts";
import { pngOf } from "./picture.ts";

/** A prediction without its address, and the file that the address is to lead to. */
export interface Filed {
  output: Prediction;
  file: Blob;
}

// More elements than this are a file, as in the engine's replies.
const mostElements = 16_384;

/** What the operations ended with, in the form of the engine's replies; what is large is a file. */
export async function predictionOf(
  output: Output,
  value: Value,
  grid?: Grid,
): Promise<Prediction | Filed> {
  const { id: name, type, description, unit, axes, labels } = output;
  const described = {
    name,
    type,
    ...(description !== undefined && { description }),
    ...(unit !== undefined && { unit }),
  };
  if (Array.isArray(value))
    return { ...described, shape: [value.length], prediction: value } as Prediction;
  const ofArray = {
    ...described,
    shape: [...value.shape],
    ...(axes && { axes: axes.map((axis) => axis.name) }),
    ...(labels && { labels }),
    ...(grid && placeOf(grid)),
  };
  const file = await fileOf(output, value);
  if (file) return { output: { ...ofArray, prediction: "" } as Prediction, file };
  return { ...ofArray, prediction: nested(value) } as Prediction;
}

async function fileOf(output: Output, value: NumberArray): Promise<Blob | undefined> {
  if (output.type === "image") return pngOf(output, value);
  if (value.data.length <= mostElements) return undefined;
  return writeNpy(value.data as Float32Array<ArrayBuffer>, value.shape);
}

function placeOf({ spacing, origin, direction }: Grid): Partial<Prediction> {
  return origin && direction ? { spacing, origin, direction } : {};
}

/** The numbers as lists in lists, one level for each axis. */
function nested({ data, shape }: NumberArray): unknown {
  const numbers = Array.from(data, Number);
  const [, ...inner] = shape;
  if (shape.length === 0) return numbers[0];
  return inner.reduceRight<unknown[]>((list, _, at) => {
    const size = inner[at] ?? 1;
    const length = count(shape.slice(0, at + 1));
    return Array.from({ length }, (_, place) => list.slice(place * size, (place + 1) * size));
  }, numbers);
}
