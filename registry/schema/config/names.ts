import { z } from "zod";

/** Names that several parts of a config share. */

export const Key = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .describe("Name used in code: lower-case letters, digits and underscores.");

export const TensorName = z
  .string()
  .min(1)
  .max(200)
  .describe("Name of one of the network's tensors.");
