import { z } from "zod";
import { DataType } from "./primitives.ts";

/**
 * Named operations on an array with named axes: what a config says instead of code. Names and
 * arguments are those of BioImage.IO's model description 0.5 where it has the operation. What each
 * computes, to the number, is held by the golden vectors of engine-image/operations/golden, which
 * every implementation passes.
 */

const number = z.number();
const axisName = z.string().min(1).max(40);
const perElement = z.union([number, z.array(number).min(1)]);
const size = z.number().int().min(1);
const shape = z.record(axisName, size);
const axis = axisName.optional().describe("The axis that a list of numbers runs along.");
const channelAxis = axisName.optional().describe("The axis along which. Default channel.");
const axes = z
  .array(axisName)
  .min(1)
  .optional()
  .describe("Axes over which it is computed, jointly. Default: all but batch.");
const eps = number.positive().max(0.1).optional().describe("Added to the divisor. Default 1e-6.");
const input = axisName
  .optional()
  .describe(
    "The input whose preprocessing is undone. Default: that of the output's grid, else the first.",
  );
const relative = z
  .boolean()
  .optional()
  .describe("Whether coordinates are shares of the network's width and height. Default false.");

/** One operation; `kwargs` may be left out where none of them must be given. */
function operation<Id extends string, Kwargs extends z.ZodRawShape>(
  id: Id,
  what: string,
  kwargs: Kwargs,
) {
  const object = z.strictObject(kwargs).describe("Arguments.");
  const optional = object.optional().describe("Arguments.");
  return z
    .strictObject({
      id: z.literal(id).describe(what),
      kwargs: object.safeParse({}).success ? optional : (object as unknown as typeof optional),
    })
    .describe(what);
}

/** Operations that take an array and give an array. Those that calculate give float32. */
const arrayOperations = [
  operation(
    "ensure_dtype",
    "Convert the elements. To integers they are rounded half to even and clipped to what the type holds; bool is whether they differ from 0.",
    { dtype: DataType },
  ),
  operation("resize", "Bring axes to a size.", {
    shape: shape.describe("New size of each axis that is named."),
    fit: z
      .enum(["stretch", "cover", "contain"])
      .optional()
      .describe(
        "stretch: each axis to its size. cover, contain: all by one factor, so that none falls short of its size, or none exceeds it; sizes are rounded half up. Default stretch.",
      ),
    interpolation: z
      .enum(["nearest", "linear"])
      .optional()
      .describe(
        "nearest: the element in which the new centre lies. linear: a triangle filter, which widens where the axis shrinks, as Pillow's BILINEAR; gives float32. Default linear.",
      ),
  }),
  operation(
    "center_crop",
    "Cut out the middle; of an odd rest, the smaller half goes at the start.",
    {
      shape: shape
        .optional()
        .describe("New size of each axis that is named; the array may not be smaller."),
      fraction: number
        .positive()
        .max(1)
        .optional()
        .describe(
          "Instead of a shape: all axes but batch and channel to this share of the shortest of them, rounded down.",
        ),
    },
  ),
  operation("pad", "Add at the ends of axes until they have a size; larger ones stay.", {
    shape: shape.optional().describe("Least size of each axis that is named."),
    multiple_of: size
      .optional()
      .describe("Instead of a shape: all axes but batch and channel to the next multiple of it."),
    mode: z
      .enum(["constant", "edge"])
      .optional()
      .describe("constant: add a value. edge: repeat the outermost element. Default constant."),
    value: number.optional().describe("What constant adds. Default 0."),
    align: z
      .enum(["start", "center"])
      .optional()
      .describe(
        "Where the array lies in the new one; of an odd rest, center adds the smaller half at the start. Default start.",
      ),
  }),
  operation("grayscale", "One channel out of RGB: 0.299 R + 0.587 G + 0.114 B.", {}),
  operation("select", "Take elements along an axis, in the order given: [2, 1, 0] is RGB to BGR.", {
    axis: channelAxis,
    indices: z.array(z.number().int().min(0)).min(1).describe("Places of the elements, from 0."),
  }),
  operation(
    "transpose",
    "Bring the axes into an order. One that isn't there is added with size 1; one of size 1 that isn't named goes.",
    { axes: z.array(axisName).min(1).describe("Names of the axes, in their new order.") },
  ),
  operation("scale_linear", "gain * x + offset.", {
    gain: perElement.optional().describe("One number, or a list along the axis. Default 1."),
    offset: perElement.optional().describe("One number, or a list along the axis. Default 0."),
    axis,
  }),
  operation("fixed_zero_mean_unit_variance", "(x - mean) / std, with given numbers.", {
    mean: perElement.describe("One number, or a list along the axis."),
    std: perElement.describe("One number, or a list along the axis."),
    axis,
  }),
  operation("zero_mean_unit_variance", "(x - mean(x)) / (std(x) + eps).", { axes, eps }),
  operation("scale_range", "(x - low) / (high - low + eps); low and high are percentiles.", {
    axes,
    min_percentile: number
      .min(0)
      .lt(100)
      .optional()
      .describe("Percentile that becomes 0, interpolated linearly. Default 0."),
    max_percentile: number
      .gt(1)
      .max(100)
      .optional()
      .describe("Percentile that becomes 1, interpolated linearly. Default 100."),
    eps,
  }),
  operation("clip", "Bring values into a range.", {
    min: number.optional().describe("Smallest value. Default: no end."),
    max: number.optional().describe("Largest value. Default: no end."),
  }),
  operation("sigmoid", "1 / (1 + exp(-x)).", {}),
  operation("softmax", "exp(x) / sum(exp(x)) along an axis.", { axis: channelAxis }),
  operation(
    "argmax",
    "Place of the largest value along an axis, which goes; of equals the first. Gives int32.",
    { axis: channelAxis },
  ),
  operation("binarize", "1 where x > threshold, else 0. Gives uint8.", {
    threshold: perElement.describe("One number, or a list along the axis."),
    axis,
  }),
] as const;

/** Operations that only what a network gives needs; the last four end a chain. */
const outputOperations = [
  operation(
    "name_axes",
    "Say what the axes of the network's array are; comes first. Without it they are those of the output; where that has none, batch and channel for label_list, and batch, index and channel for bounding_boxes and keypoints.",
    { axes: z.array(axisName).min(1).describe("Names of the axes, in the array's order.") },
  ),
  operation(
    "restore_to_input",
    "Bring axes back to the grid that the input had before it was resized, cropped and padded. What was cropped away is 0. The array may be coarser or finer than the network's input.",
    {
      input,
      interpolation: z
        .enum(["nearest", "linear"])
        .optional()
        .describe("As in resize. Default nearest for integers, else linear."),
    },
  ),
  operation("top_k", "The k largest values of a vector, largest first; of equals the first.", {
    k: size.describe("How many; all where the vector has fewer."),
  }),
  operation("labels", "Names for the places that top_k found, or for the classes of boxes.", {
    file: z
      .string()
      .min(1)
      .optional()
      .describe("JSON list of names, or a text with a name on each line, in the model's folder."),
    values: z.array(z.string()).min(1).optional().describe("Instead of a file: the names."),
  }),
  operation(
    "non_max_suppression",
    "Boxes in pixels of the input, surest first, out of rows of numbers along channel. Of boxes of one class that overlap, the surest stays. They are clipped to the input.",
    {
      format: z
        .enum(["xyxy", "yxyx", "xywh", "cxcywh"])
        .optional()
        .describe(
          "First 4 numbers of a row: two corners, a corner and a size, or a centre and a size. Default xyxy.",
        ),
      scores: z
        .enum(["single", "per_class", "objectness"])
        .optional()
        .describe(
          "What follows them. single: score and class. per_class: a score for each class. objectness: a number that those are multiplied by, then they. A row has the class of its largest score. Default single.",
        ),
      score_threshold: number.optional().describe("Scores must be larger. Default 0.25."),
      iou_threshold: number
        .min(0)
        .max(1)
        .optional()
        .describe(
          "Boxes overlap when intersection over union is larger, as the network gave them. Default 0.45.",
        ),
      max: size.optional().describe("Most boxes. Default 100."),
      relative,
      input,
    },
  ),
  operation(
    "keypoints",
    "Points in pixels of the input, out of rows of 2 coordinates, and maybe a score, along channel.",
    {
      format: z.enum(["xy", "yx"]).optional().describe("Order of the coordinates. Default xy."),
      names: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe("Name of each point. Default: its place, from 0."),
      relative,
      input,
    },
  ),
] as const;

export const PreprocessingOperation = z
  .discriminatedUnion("id", [...arrayOperations])
  .describe("One named operation on an input.");
export const PostprocessingOperation = z
  .discriminatedUnion("id", [...arrayOperations, ...outputOperations])
  .describe("One named operation on an output.");

/** Names of all operations. */
export const operationIds: readonly string[] = PostprocessingOperation.options.map(
  ({ shape }) => shape.id.value,
);

export type PreprocessingOperation = z.infer<typeof PreprocessingOperation>;
export type PostprocessingOperation = z.infer<typeof PostprocessingOperation>;
