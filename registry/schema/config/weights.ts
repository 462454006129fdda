import { z } from "zod";
import { HttpsUrl, RelativePath, Sha256 } from "../primitives.ts";
import { Key } from "./names.ts";

export const Weights = z
  .strictObject({
    id: Key,
    path: RelativePath.optional().describe(
      "The file in this folder, or the name it gets when it comes from a source.",
    ),
    source: z
      .string()
      .max(2048)
      .regex(/^(pkg:(pypi|npm)\/[^\s#]+@[^\s#]+#[^\s]+|https:\/\/[^\s<>"]+)$/)
      .optional()
      .describe(
        "Where the file comes from: a package URL with the file after #, such as pkg:pypi/silero-vad@6.2.3#silero_vad/data/silero_vad.onnx, or an https address. Absent: the path in this folder.",
      ),
    mirrors: z
      .array(HttpsUrl)
      .min(1)
      .max(5)
      .optional()
      .describe("Further addresses of the same file, for the day when the source is gone."),
    sha256: Sha256,
    bytes: z.number().int().min(1).optional().describe("Size of the file in bytes."),
    format: z
      .enum([
        "onnx",
        "torchscript",
        "safetensors",
        "pytorch-state-dict",
        "keras",
        "tensorflow",
        "tflite",
        "other",
      ])
      .describe("Format of the file."),
    parameters: z.number().int().min(1).optional().describe("Number of trained parameters."),
  })
  .describe("One file of trained weights, pinned by its SHA-256.");

export type Weights = z.infer<typeof Weights>;
