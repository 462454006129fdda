import { z } from "zod";
import { DataType } from "./primitives.ts";

/**
 * Named operations on an array with named axes: what a config says instead of code. The names and
 * arguments are BioImage.IO's where it has the operation. What each computes, to the number, is
 * held by the golden vectors of engine-image/operations/golden, which every implementation passes.
 */

const axisName = z.string().min(1).max(40);
const axes = z
  .array(axisName)
  .min(1)
  .optional()
  .describe("Axes over which it is computed, jointly. Default: all but batch.");
const axis = axisName.optional().describe("The axis along which a list of numbers runs.");
const number = z.number();
const perChannel = z.union([number, z.array(number).min(1)]);
const eps = number.positive().optional().describe("Added to the divisor. Default 1e-6.");
const shape = z
  .record(axisName, z.number().int().min(1))
  .describe("New size of each axis that is named.");

function operation<Id extends string, Kwargs extends z.ZodRawShape>(
  id: Id,
  what: string,
  kwargs: Kwargs,
) {
  return z
    .strictObject({
      id: z.literal(id).describe(what),
      kwargs: z.strictObject(kwargs).optional().describe("Arguments."),
    })
    .describe(what);
}

/** Operations that take an array and give an array. */
const arrayOperations = [
  operation("ensure_dtype", "Convert the elements; integers are rounded half to even, clipped.", {
    dtype: DataType,
  }),
  operation("resize", "Bring axes to a size.", {
    shape,
    fit: z
      .enum(["stretch", "cover", "contain"])
      .optional()
      .describe(
        "stretch: each axis to its size. cover, contain: one factor, the larger or the smaller. Default stretch.",
      ),
    interpolation: z
      .enum(["nearest", "linear"])
      .optional()
      .describe(
        "linear: half-pixel centres, a triangle filter that widens when it shrinks. Default linear.",
      ),
  }),
  operation("center_crop", "Cut out the middle.", {
    shape: shape.optional(),
    fraction: number
      .positive()
      .max(1)
      .optional()
      .describe("Instead of a shape: a square, this share of the shorter axis of space."),
  }),
  operation("pad", "Add at the ends of axes until they have a size.", {
    shape: shape.optional(),
    multipleOf: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("Instead of a shape: to the next multiple, each axis of space."),
    mode: z.enum(["constant", "edge"]).optional().describe("Default constant."),
    value: number.optional().describe("What constant adds. Default 0."),
    align: z
      .enum(["start", "center"])
      .optional()
      .describe("Where the old array lies in the new one. Default start."),
  }),
  operation("grayscale", "One channel out of RGB: 0.299 R + 0.587 G + 0.114 B.", {}),
  operation(
    "transpose",
    "Bring the axes into an order; an axis that isn't there is added, size 1.",
    {
      axes: z.array(axisName).min(1).describe("Names of all axes, in their new order."),
    },
  ),
  operation("scale_linear", "gain * x + offset.", {
    gain: perChannel.optional().describe("Default 1."),
    offset: perChannel.optional().describe("Default 0."),
    axis,
  }),
  operation("fixed_zero_mean_unit_variance", "(x - mean) / std, with given numbers.", {
    mean: perChannel,
    std: perChannel,
    axis,
  }),
  operation("zero_mean_unit_variance", "(x - mean(x)) / (std(x) + eps).", { axes, eps }),
  operation("scale_range", "(x - low) / (high - low + eps), low and high being percentiles.", {
    axes,
    min_percentile: number.min(0).max(100).optional().describe("Default 0."),
    max_percentile: number.min(0).max(100).optional().describe("Default 100."),
    eps,
  }),
  operation("clip", "Bring values into a range.", {
    min: number.optional(),
    max: number.optional(),
  }),
  operation("sigmoid", "1 / (1 + exp(-x)).", {}),
  operation("softmax", "exp(x) / sum(exp(x)) along an axis.", {
    axis: axisName.optional().describe("Default channel."),
  }),
  operation("argmax", "Place of the largest value along an axis, which goes.", {
    axis: axisName.optional().describe("Default channel."),
  }),
  operation("binarize", "1 where x > threshold, else 0.", { threshold: number }),
] as const;

/** Operations that end a chain: an array becomes what an output's type asks for. */
const endOperations = [
  operation("top_k", "The k largest values of a vector with their places, largest first.", {
    k: z.number().int().min(1),
  }),
  operation("labels", "Names for places, after top_k or for the classes of boxes.", {
    file: z.string().optional().describe("JSON list of names, or text with a name on each line."),
    values: z.array(z.string()).optional().describe("The names themselves."),
  }),
  operation(
    "non_max_suppression",
    "Boxes out of rows [4 numbers, score, class] or [4 numbers, one score per class].",
    {
      format: z
        .enum(["xyxy", "xywh", "cxcywh"])
        .optional()
        .describe("The 4 numbers. Default xyxy."),
      scores: z
        .enum(["single", "per_class"])
        .optional()
        .describe("What follows the 4 numbers. Default single."),
      scoreThreshold: number.optional().describe("Least score. Default 0.25."),
      iouThreshold: number
        .optional()
        .describe("Largest overlap of two boxes of a class. Default 0.45."),
      max: z.number().int().min(1).optional().describe("Most boxes. Default 100."),
      relative: z
        .boolean()
        .optional()
        .describe("Whether the 4 numbers are shares of width and height. Default false."),
    },
  ),
] as const;

export const PreprocessingOperation = z
  .discriminatedUnion("id", [...arrayOperations])
  .describe("One named operation on an input.");
export const PostprocessingOperation = z
  .discriminatedUnion("id", [...arrayOperations, ...endOperations])
  .describe("One named operation on an output.");

export type PreprocessingOperation = z.infer<typeof PreprocessingOperation>;
export type PostprocessingOperation = z.infer<typeof PostprocessingOperation>;
