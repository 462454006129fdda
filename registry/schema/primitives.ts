import { z } from "zod";

/** Words that every document shares. Shapes only: what JSON Schema can say too, so both give one verdict. */

export const schemaVersion = z
  .literal("1")
  .describe(
    "Version of this document's schema. Grows by optional keys; changes only when a key must.",
  );

export const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$/)
  .describe(
    "Name of a model: lower-case letters, digits and hyphens, 3 to 64 of them. Never reused.",
  );

export const Version = z
  .string()
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/)
  .describe("Semantic version. A change of predictions is a new major version.");

export const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe("Day, as 2026-01-31.");

export const Revision = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .describe(
    "Full commit SHA (40 hex digits). Branches and tags can be moved, so they are refused.",
  );

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("SHA-256 of a file's bytes, 64 hex digits.");

export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe("OCI digest: sha256: and 64 hex digits.");

export const Platform = z
  .enum(["linux/amd64", "linux/arm64"])
  .describe("Operating system and architecture of an image.");

export const Variant = z
  .enum(["cuda"])
  .describe("The same model on another runtime; cuda: for NVIDIA's GPUs.");

export const Unbuilt = z
  .partialRecord(Platform, z.string().min(1).max(500))
  .describe("Platforms of the registry that there is no image for, each with the reason.");

/** A path inside a folder: no leading slash, no `..`, no backslash, no control characters. */
export const RelativePath = z
  .string()
  .min(1)
  .max(255)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\\u0000-\u001f]+$/)
  .describe("Path inside the folder, with forward slashes; it may not leave the folder.");

export const HttpsUrl = z
  .string()
  .max(2048)
  .regex(/^https:\/\/[^\s<>"]+$/)
  .describe("Address that begins with https://.");

export const Spdx = z
  .string()
  .min(2)
  .max(200)
  .regex(/^[A-Za-z0-9.+() -]+$/)
  .describe("SPDX licence expression, such as Apache-2.0 or MIT OR BSD-3-Clause.");

export const Orcid = z
  .string()
  .regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/)
  .describe("ORCID iD, such as 0000-0002-1825-0097.");

export const Doi = z
  .string()
  .regex(/^10\.\d{4,9}\/\S+$/)
  .describe("DOI without the resolver's address, such as 10.1000/182.");

export const Person = z
  .strictObject({
    given: z.string().min(1).max(100).describe("Given name or names."),
    family: z.string().min(1).max(100).describe("Family name."),
    orcid: Orcid.optional(),
    affiliation: z
      .strictObject({
        name: z.string().min(1).max(200).describe("Name of the institution."),
        ror: z
          .string()
          .regex(/^https:\/\/ror\.org\/0[a-z0-9]{8}$/)
          .optional()
          .describe("ROR address of the institution."),
      })
      .optional()
      .describe("Where the person works."),
  })
  .describe("A person, named as in a citation.");

export const DataType = z
  .enum([
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
    "bool",
  ])
  .describe("Type of an array's elements, in numpy's words.");

export const Axis = z
  .strictObject({
    name: z.string().min(1).max(40).describe("Name of the axis, such as y, x, channel, time."),
    type: z
      .enum(["batch", "channel", "time", "space", "index"])
      .describe("What runs along the axis, in BioImage.IO's words."),
    size: z
      .union([
        z.number().int().min(1),
        z.strictObject({
          min: z.number().int().min(1).describe("Smallest allowed size."),
          max: z.number().int().min(1).optional().describe("Largest allowed size."),
          step: z.number().int().min(1).optional().describe("Sizes are min plus a multiple of it."),
        }),
      ])
      .optional()
      .describe("Number of elements, fixed or as a range. Absent: it follows from the input."),
    unit: z.string().min(1).max(40).optional().describe("Unit of a step along the axis."),
    scale: z
      .number()
      .positive()
      .optional()
      .describe("Length of a step along the axis, in the unit."),
  })
  .describe("One axis of an array.");

/** Types of outputs; each says how it is drawn, compared and encoded. */
export const outputTypes = [
  "label_list",
  "vector",
  "mask",
  "heatmap",
  "image",
  "contour",
  "bounding_boxes",
  "keypoints",
  "text",
  "table",
  "custom",
] as const;

/** Relative and absolute tolerance, and the share of elements that may exceed both. */
export const Tolerance = z
  .strictObject({
    rtol: z
      .number()
      .min(0)
      .optional()
      .describe("Relative tolerance of each number. Default 0.001."),
    atol: z
      .number()
      .min(0)
      .optional()
      .describe("Absolute tolerance of each number. Default 0.001."),
    mismatchedPpm: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe("Elements per million that may differ by more. Default 0."),
    top: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("label_list: how many first labels must come in the expected order. Default 1."),
    dice: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("mask: least Dice coefficient of each label, instead of the numbers above."),
    iou: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("bounding_boxes: least overlap of each box with the expected one. Default 0.9."),
  })
  .describe("How far an output may lie from the expected one.");

export type Platform = z.infer<typeof Platform>;
export type Variant = z.infer<typeof Variant>;
export type Unbuilt = z.infer<typeof Unbuilt>;
