import { z } from "zod";
import { Day, Digest, Id, Platform, schemaVersion, Variant, Version } from "./primitives.ts";

/** What a test says of itself, in a record and as a line of a version's history. */

const seconds = (what: string) => z.number().min(0).describe(`${what}, in seconds.`);
const bytes = (what: string) => z.number().int().min(0).describe(`${what}, in bytes.`);

export const Machine = z
  .strictObject({
    processor: z.string().min(1).max(100).describe("The processor, as the system names it."),
    cpus: z.number().min(0.1).describe("Cores of it that the container had."),
    memoryBytes: bytes("Memory that the container had"),
  })
  .describe("The machine that a test ran on, as far as the sandbox gave it to the container.");

/** When and where a test ran. */
export const where = {
  tested: Day.optional().describe("Day of the test, in UTC. Absent: tested before it was noted."),
  platform: Platform,
  gpu: z.string().min(1).max(100).optional().describe("The GPU that it ran on. Absent: none."),
  machine: Machine.optional(),
  emulated: z.boolean().describe("Whether the platform was emulated; timings say little then."),
};

/** What it measured. */
export const measured = {
  startSeconds: seconds("From `docker run` to ready"),
  predictSeconds: seconds("Median time of a prediction"),
  peakMemoryBytes: bytes("Peak memory of the container"),
};

export const PastTest = z
  .strictObject({
    image: Digest.describe("Digest of the image that was tested."),
    variant: Variant.optional(),
    engineVersion: Version.describe("Version of the engine in it."),
    ...where,
    passed: z.boolean().describe("Whether every sample passed."),
    startSeconds: measured.startSeconds.optional(),
    predictSeconds: measured.predictSeconds.optional(),
    peakMemoryBytes: measured.peakMemoryBytes.optional(),
  })
  .describe("A test in a line. One in which the image gave no answer measured nothing.");

/** The history forgets the oldest. */
export const longestHistory = 50;

/** `tests.json`: later tests of what a version's locks name; written each night for a few versions. */
export const Tests = z
  .strictObject({
    schemaVersion,
    id: Id,
    version: Version,
    tests: z.array(PastTest).min(1).max(longestHistory).describe("The tests, the newest first."),
  })
  .describe("tests.json: tests of a published version after the one in its record.");

export type Machine = z.infer<typeof Machine>;
export type PastTest = z.infer<typeof PastTest>;
export type Tests = z.infer<typeof Tests>;
