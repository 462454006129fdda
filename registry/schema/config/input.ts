import { z } from "zod";
import { PreprocessingOperation } from "../operations.ts";
import { Axis, DataType } from "../primitives.ts";
import { Key, TensorName } from "./names.ts";

export const Input = z
  .strictObject({
    id: Key,
    kind: z
      .enum(["image", "volume", "array", "audio", "text", "table", "file"])
      .describe(
        "What is read. image: a picture, or one slice. volume: a scan, as NIfTI, NRRD or DICOM series. array: .npy, .npz or HDF5. audio: WAV or FLAC. text: UTF-8. table: CSV or JSON. file: bytes as they are.",
      ),
    mediaTypes: z
      .array(
        z
          .string()
          .max(100)
          .regex(/^[a-z]+\/[a-z0-9.+-]+$/)
          .describe("Media type, such as image/png."),
      )
      .min(1)
      .describe("Accepted media types."),
    axes: z
      .array(Axis)
      .min(1)
      .max(8)
      .describe(
        "Axes of the array, in order, with the sizes it takes; named operations come after. For text and file: one axis, whose size is the number of characters or bytes.",
      ),
    dtype: DataType,
    sampleRate: z
      .number()
      .int()
      .min(1)
      .max(768_000)
      .optional()
      .describe("audio: samples per second that the model gets; other recordings are resampled."),
    columns: z
      .array(z.string().min(1).max(100))
      .min(1)
      .optional()
      .describe("table: the columns that the model gets, in order."),
    preprocessing: z
      .array(PreprocessingOperation)
      .max(20)
      .optional()
      .describe("Named operations that bring the array to what the network takes."),
    tensor: TensorName.optional().describe(
      "Name of the network's input, where no code runs it. Default: by order.",
    ),
    range: z
      .strictObject({
        min: z.number().describe("Smallest value."),
        max: z.number().describe("Largest value."),
      })
      .optional()
      .describe("Range of the values."),
    description: z.string().max(1000).optional().describe("What the input is, in a sentence."),
  })
  .describe("What the model takes.");

export type Input = z.infer<typeof Input>;
