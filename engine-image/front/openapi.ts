import { z } from "zod";
import { jsonSchema } from "#schema/documents.ts";
import type { ModelInfo } from "./config.ts";
import { inferencePaths, inferenceRequestSchema } from "./openapi/inference-protocol.ts";
import { jobPaths } from "./openapi/jobs.ts";
import { maxPaths } from "./openapi/max.ts";
import { modelhubPaths } from "./openapi/modelhub.ts";
import { problemResponses } from "./openapi/operations.ts";
import { schemas } from "./openapi/schemas.ts";
import { serverPaths } from "./openapi/server.ts";

/** OpenAPI 3.1 of this server, with the model's own inputs, media types and samples. */
export function describeApi(model: ModelInfo): object {
  const { config, identity, engineVersion } = model;
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
      ...modelhubPaths(model),
      ...jobPaths(model),
      ...inferencePaths(model),
      ...maxPaths(model),
      ...serverPaths,
    },
    components: { schemas: componentSchemas(model), responses: problemResponses() },
  };
}

function componentSchemas(model: ModelInfo): Record<string, object> {
  const own = Object.entries(schemas).map(([name, schema]) => {
    // The dialect is told once, by the document.
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output" });
    return [name, rest];
  });
  const { $schema: _, ...config } = jsonSchema("config") as Record<string, unknown>;
  const others = { InferenceRequest: inferenceRequestSchema(model), Config: config };
  return { ...Object.fromEntries(own), ...others };
}
