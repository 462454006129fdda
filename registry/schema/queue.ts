import { z } from "zod";
import { HttpsUrl } from "./primitives.ts";

/** What a submission waits for. */
export const submissionStates = {
  draft: "the author, who has not marked it ready",
  checking: "the automatic check",
  mending: "the author, to mend what the check found",
  answering: "the author, to answer a review",
  reviewing: "a maintainer, to review it",
  merging: "a maintainer, to merge it",
} as const;

/** A moment in one zone, so that moments sort as text. */
export const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);

/** `api/v1/queue.json`, made from the open pull requests that add to the registry. */
export const Queue = z
  .strictObject({
    schemaVersion: z.literal("1").describe("Version of the static API."),
    asked: Instant.describe("When the pull requests were asked for, as ISO 8601 in UTC."),
    submissions: z
      .array(
        z.strictObject({
          number: z.number().int().min(1).describe("Number of the pull request."),
          url: HttpsUrl.describe("Address of the pull request."),
          title: z.string().describe("Its title."),
          author: z.string().describe("Account of its author."),
          versions: z.array(z.string()).describe("Versions that it adds, as id@version."),
          opened: Instant.describe("When it was opened, as ISO 8601 in UTC."),
          state: z
            .enum(Object.keys(submissionStates) as [keyof typeof submissionStates])
            .describe("Where it stands."),
        }),
      )
      .describe("Submissions, oldest first."),
  })
  .describe("Submissions that are not merged yet.");

export type Queue = z.infer<typeof Queue>;
