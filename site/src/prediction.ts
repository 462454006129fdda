import type { Prediction } from "#schema/record.ts";
import { flatten } from "./plot.ts";

export interface Label {
  label: string;
  probability: number;
}

/** The labels of a label_list, likeliest first. */
export function labelsOf({ type, prediction }: Prediction): Label[] | undefined {
  return type === "label_list" ? (prediction as Label[]) : undefined;
}

/** The numbers of a vector. */
export function numbersOf({ type, prediction }: Prediction): number[] | undefined {
  return type === "vector" ? flatten(prediction) : undefined;
}
