import { z } from "zod";
import { RelativePath, Spdx } from "../primitives.ts";
import { Key } from "./names.ts";

export const Sample = z
  .strictObject({
    id: Key,
    title: z.string().min(1).max(100).describe("What the sample shows."),
    inputs: z.record(Key, RelativePath).describe("One file for each input."),
    expected: RelativePath.describe("JSON file with the expected outputs, by output id."),
    credit: z.string().max(300).optional().describe("Whom to thank for the sample."),
    license: Spdx.optional().describe(
      "Licence of this sample where it differs from licenses.sampleData.",
    ),
  })
  .describe("A sample with the outputs that the model must give for it.");

export type Sample = z.infer<typeof Sample>;
