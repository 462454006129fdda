import type { ModelInfo } from "../config.ts";
import { requestBody } from "./bodies.ts";
import { get, inPath, operation, predictionProblems, problems, reply } from "./operations.ts";

/** Predictions that are asked for now and fetched later. */
export function jobPaths({ config }: ModelInfo): Record<string, object> {
  const id = inPath("id", "Id of the job.", { pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" });
  const accepted = reply("JobStatus", {
    headers: { Location: { description: "Path of the job.", schema: { type: "string" } } },
    links: links("$response.body#/id"),
  });
  return {
    "/jobs": {
      get: get("listJobs", "List the jobs", "JobList"),
      post: operation("addJob", "Start a job", {
        requestBody: requestBody(config.inputs),
        responses: { 202: accepted, ...problems(...predictionProblems) },
      }),
    },
    "/jobs/{id}": {
      parameters: [id],
      get: operation("getJob", "What has become of a job", {
        responses: { 200: reply("JobStatus"), ...problems(404) },
      }),
      put: operation("putJob", "Start a job under an id of one's own, or find it started", {
        requestBody: requestBody(config.inputs),
        responses: {
          200: reply("JobStatus"),
          202: accepted,
          ...problems(409, ...predictionProblems),
        },
      }),
      delete: operation("deleteJob", "Cancel a job, or forget one that is finished", {
        responses: { 200: reply("JobStatus"), ...problems(404) },
      }),
    },
    "/jobs/{id}/result": {
      parameters: [id],
      get: operation("getJobResult", "The prediction, or the problem in its place", {
        responses: { 200: reply("Envelope"), ...problems(404, 409, ...predictionProblems) },
      }),
    },
    "/jobs/{id}/events": {
      parameters: [
        id,
        {
          name: "Last-Event-ID",
          in: "header",
          description: "The last event that the client has; the stream goes on after it.",
          schema: { type: "string", examples: ["3"] },
        },
      ],
      get: operation("getJobEvents", "State, progress and log as they come, until the job ends", {
        responses: {
          200: {
            description: "Server-sent events: state, progress, log.",
            content: { "text/event-stream": {} },
          },
          204: { description: "The job has ended, and the client has its last event." },
          ...problems(404),
        },
      }),
    },
  };
}

function links(id: string): object {
  const to = (operationId: string) => ({ operationId, parameters: { id } });
  return {
    GetJob: to("getJob"),
    GetJobResult: to("getJobResult"),
    GetJobEvents: to("getJobEvents"),
    DeleteJob: to("deleteJob"),
  };
}
