import { z } from "zod";
import { Doi, HttpsUrl } from "../primitives.ts";

export const Publication = z
  .strictObject({
    title: z.string().min(1).max(500).describe("Title of the work."),
    authors: z.string().max(2000).optional().describe("Authors as the work prints them."),
    year: z.number().int().min(1900).max(2100).optional().describe("Year of publication."),
    venue: z.string().max(300).optional().describe("Journal, conference or archive."),
    doi: Doi.optional(),
    arxiv: z
      .string()
      .regex(/^\d{4}\.\d{4,5}(v\d+)?$/)
      .optional()
      .describe("arXiv identifier, such as 1905.11946."),
    url: HttpsUrl.optional(),
    abstract: z.string().max(5000).optional().describe("Abstract of the work."),
    relation: z
      .enum(["describes", "uses", "trainedBy"])
      .optional()
      .describe("What the work is to the model. Default: it describes the model."),
  })
  .describe("A publication to cite with the model.");

export type Publication = z.infer<typeof Publication>;
