import { z } from "zod";
import { PostprocessingOperation } from "../operations.ts";
import { Axis, DataType, outputTypes, Tolerance } from "../primitives.ts";
import { Key, TensorName } from "./names.ts";

export const Output = z
  .strictObject({
    id: Key,
    type: z
      .enum(outputTypes)
      .describe("Type of the output; it says how the output is drawn and compared."),
    grid: Key.optional().describe(
      "The input on whose grid the output lies: it has that input's spacing, origin and direction.",
    ),
    labels: z
      .record(z.string().regex(/^\d+$/), z.string().min(1).max(100))
      .optional()
      .describe('mask: what each value stands for, such as {"1": "brain"}.'),
    columns: z
      .array(z.string().min(1).max(100))
      .min(1)
      .optional()
      .describe("table, vector: names of the columns or numbers, in order."),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        "custom: JSON Schema of the value; every answer is held to it. Keywords that the engine doesn't check, such as format, are refused.",
      ),
    postprocessing: z
      .array(PostprocessingOperation)
      .max(20)
      .optional()
      .describe("Named operations on what the network gives."),
    tensor: z
      .union([TensorName, z.array(TensorName).min(2).max(8)])
      .optional()
      .describe(
        "Name of the network's output, where no code runs it. Several are joined along their last axis; one that has an axis less, such as scores beside boxes, gives one number there. Default: by order.",
      ),
    axes: z.array(Axis).max(8).optional().describe("Axes of the array, in order."),
    dtype: DataType.optional(),
    unit: z
      .string()
      .max(60)
      .optional()
      .describe("Unit or meaning of the numbers, such as probability."),
    description: z.string().max(1000).optional().describe("How to read the output, in a sentence."),
    tolerance: Tolerance.optional(),
  })
  .describe("What the model gives.");

export type Output = z.infer<typeof Output>;
