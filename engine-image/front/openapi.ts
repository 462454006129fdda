import { z } from "zod";
import type { Input } from "#schema/config.ts";
import { jsonSchema } from "#schema/documents.ts";
import type { ModelInfo } from "./config.ts";
import { Envelope, Legal, Live, ModelIo, ProblemBody, Ready, SampleList } from "./replies.ts";

const components = { Envelope, Legal, Live, ModelIo, Problem: ProblemBody, Ready, SampleList };

/** OpenAPI 3.1 of this server, with the model's own inputs, media types and samples. */
export function describeApi({ config, identity, engineVersion }: ModelInfo): object {
  return {
    openapi: "3.1.0",
    info: {
      title: config.title,
      summary: config.summary,
      ...(config.description && { description: config.description }),
      version: identity.version ?? "0.0.0",
      ...(config.licenses && { license: { name: config.licenses.code } }),
      "x-modelhub-engine": engineVersion,
    },
    servers: [{ url: "/" }],
    paths: {
      "/api/predict": predictPath(config.inputs, config.title),
      "/api/predict_sample": {
        get: operation("predictSample", "Predict one of the model's samples", {
          parameters: [
            {
              name: "filename",
              in: "query",
              required: true,
              description: "Id of a sample, or the name of one of its files.",
              schema: { type: "string", examples: config.samples.map(({ id }) => id) },
            },
          ],
          responses: { 200: reply("Envelope"), ...problems(404, 422, 429, 500, 503, 504) },
        }),
      },
      "/api/get_samples": { get: get("getSamples", "List the model's samples", "SampleList") },
      "/api/samples/{file}": {
        get: operation("getSampleFile", "A file of a sample", {
          parameters: [
            {
              name: "file",
              in: "path",
              required: true,
              description: "Name as /api/get_samples gives it.",
              schema: { type: "string" },
            },
          ],
          responses: {
            200: { description: "The file.", content: { "application/octet-stream": {} } },
            ...problems(404),
          },
        }),
      },
      "/api/get_config": { get: get("getConfig", "The model's config, modelhub.json", "Config") },
      "/api/get_model_io": { get: get("getModelIo", "What the model takes and gives", "ModelIo") },
      "/api/get_legal": { get: get("getLegal", "Licences and their texts", "Legal") },
      "/health/live": { get: get("getLive", "Does the server run?", "Live") },
      "/health/ready": {
        get: operation("getReady", "Is the model loaded?", {
          responses: { 200: reply("Ready"), ...problems(503) },
        }),
      },
    },
    components: { schemas: schemas(), responses: problemResponses() },
  };
}

function predictPath(inputs: Input[], title: string): object {
  const [only, ...others] = inputs;
  const multipart = {
    "multipart/form-data": {
      schema: {
        type: "object",
        required: inputs.map(({ id }) => id),
        properties: Object.fromEntries(inputs.map((input) => [input.id, file(input)])),
      },
      encoding: Object.fromEntries(
        inputs.map(({ id, mediaTypes }) => [id, { contentType: mediaTypes.join(", ") }]),
      ),
    },
  };
  const raw =
    only && others.length === 0
      ? [...only.mediaTypes, "application/octet-stream"].map((type) => [type, {}])
      : [];
  const responses = {
    200: reply("Envelope"),
    ...problems(400, 413, 415, 422, 429, 500, 503, 504, 507),
  };
  return {
    post: operation("predict", `Predict with ${title}`, {
      requestBody: { required: true, content: { ...multipart, ...Object.fromEntries(raw) } },
      responses,
    }),
    get: operation("predictUrl", "Input by address, which is off", {
      parameters: [
        {
          name: "fileurl",
          in: "query",
          required: true,
          description: "Address of a file. This server doesn't fetch any.",
          schema: { type: "string" },
        },
      ],
      responses: problems(403, 405),
    }),
  };
}

function file(input: Input): object {
  const { description, mediaTypes } = input;
  return {
    type: "string",
    contentMediaType: mediaTypes[0],
    description: [description, `Accepted: ${mediaTypes.join(", ")}.`].filter(Boolean).join(" "),
  };
}

function get(id: string, summary: string, schema: string): object {
  return operation(id, summary, { responses: { 200: reply(schema) } });
}

function operation(operationId: string, summary: string, rest: object): object {
  return { operationId, summary, ...rest };
}

function reply(name: string): object {
  return {
    description: components[name as keyof typeof components]?.description ?? "The config.",
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  };
}

const meanings: Record<number, string> = {
  400: "The request is malformed, or its inputs aren't the model's.",
  403: "The server is set not to do this.",
  404: "There is nothing by that name.",
  405: "The path takes another method.",
  413: "The request is larger than the server takes.",
  415: "The media type is not one of the input's.",
  422: "The input can't be decoded, or its size is not one that the model takes.",
  429: "The queue is full; Retry-After says when to try again.",
  500: "The model failed on this input.",
  503: "The model is loading, failed to load, or its process ended.",
  507: "There is no room for the upload.",
  504: "The prediction took longer than allowed.",
};

function problems(...statuses: number[]): Record<string, object> {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  );
}

function problemResponses(): Record<string, object> {
  const schema = { $ref: "#/components/schemas/Problem" };
  return Object.fromEntries(
    Object.entries(meanings).map(([status, description]) => [
      `Problem${status}`,
      { description, content: { "application/problem+json": { schema } } },
    ]),
  );
}

function schemas(): Record<string, object> {
  const own = Object.entries(components).map(([name, schema]) => {
    // The dialect is told once, by the document.
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output" });
    return [name, rest];
  });
  const { $schema: _, ...config } = jsonSchema("config") as Record<string, unknown>;
  return Object.fromEntries([...own, ["Config", config]]);
}
