import { z } from "zod";

const JobStatus = z
  .object({
    id: z.string().describe("Id of the job."),
    state: z
      .enum(["queued", "running", "succeeded", "failed", "canceled"])
      .describe("What has become of it."),
    progress: z.number().min(0).max(1).describe("How much is done, 0 to 1."),
    position: z
      .number()
      .int()
      .min(1)
      .nullable()
      .describe("Place in the queue, from 1; null once it runs."),
    log: z.array(z.string()).describe("The last lines that the model printed meanwhile."),
    created: z.iso.datetime().describe("When it was sent."),
    started: z.iso.datetime().nullable().describe("When the model began with it."),
    finished: z.iso.datetime().nullable().describe("When it ended."),
  })
  .describe("A prediction that is asked for now and fetched later.");

/** What is told of jobs. */
export const jobSchemas = {
  JobStatus,
  JobList: z.object({ jobs: z.array(JobStatus) }).describe("The jobs, newest first."),
};
