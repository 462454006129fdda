import type { z } from "zod";
import type { Axis } from "#schema/primitives.ts";

type AxisShape = z.infer<typeof Axis>;

/** `y 224, x 224, channel 3`: the axes with the sizes they take. */
export function axes(list: AxisShape[]): string {
  return list.map((axis) => `${axis.name}${size(axis)}${step(axis)}`).join(", ");
}

function size({ size }: AxisShape): string {
  if (size === undefined) return "";
  if (typeof size === "number") return ` ${size}`;
  const upTo = size.max === undefined ? `≥ ${size.min}` : `${size.min}–${size.max}`;
  return ` ${upTo}${size.step === undefined ? "" : ` by ${size.step}`}`;
}

function step({ unit, scale }: AxisShape): string {
  if (unit === undefined) return "";
  return ` (${scale === undefined ? unit : `${Number(scale.toPrecision(4))} ${unit}`})`;
}
