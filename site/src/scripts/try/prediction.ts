import { count, type NumberArray } from "#operations/array.ts";
import type { Item, Value } from "#operations/step.ts";
import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";

/** What the operations ended with, in the form of the engine's replies. */
export function predictionOf(output: Output, value: Value): Prediction {
  const { id: name, type, description, unit } = output;
  const described = {
    name,
    type,
    ...(description !== undefined && { description }),
    ...(unit !== undefined && { unit }),
  };
  if (Array.isArray(value))
    return {
      ...described,
      shape: [value.length],
      prediction: value satisfies Item[],
    } as Prediction;
  return {
    ...described,
    shape: [...value.shape],
    ...(output.axes && { axes: output.axes.map((axis) => axis.name) }),
    ...(output.labels && { labels: output.labels }),
    prediction: nested(value),
  } as Prediction;
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
