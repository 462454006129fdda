import { schemas } from "./schemas.ts";

/** The pieces that operations of an OpenAPI document are made of. */

type SchemaName = keyof typeof schemas | "Config";

const meanings: Record<number, string> = {
  400: "The request is malformed, or its inputs aren't the model's.",
  403: "The server is set not to do this.",
  404: "There is nothing by that name.",
  405: "The path takes another method.",
  406: "The outputs have no form that the request accepts.",
  409: "It can't be done in this state; the code says why.",
  413: "The request is larger than the server takes.",
  415: "The media type is not one of the input's.",
  422: "The input can't be decoded, or its size is not one that the model takes.",
  429: "The queue is full; Retry-After says when to try again.",
  500: "The model failed on this input.",
  502: "The address could not be fetched.",
  503: "The model is loading, failed to load, or its process ended.",
  504: "The prediction took longer than allowed.",
  507: "There is no room for the upload.",
};

/** What any prediction may end with. */
export const predictionProblems = [400, 413, 415, 422, 429, 500, 503, 504, 507];

/** An operation by its id, with a sentence for readers; `rest` is what it takes and gives. */
export function operation(operationId: string, summary: string, rest: object): object {
  return { operationId, summary, ...rest };
}

/** An operation that takes nothing and gives JSON. */
export function get(id: string, summary: string, schema: SchemaName): object {
  return operation(id, summary, { responses: { 200: reply(schema) } });
}

/** A reply of JSON; its description is the schema's. */
export function reply(schema: SchemaName, more: object = {}): object {
  const description = schema === "Config" ? "The config." : schemas[schema].description;
  return { description, content: json(schema), ...more };
}

/** A body of JSON by its schema's name. */
export function json(schema: string): Record<string, object> {
  return { "application/json": { schema: ref(schema) } };
}

function ref(schema: string): object {
  return { $ref: `#/components/schemas/${schema}` };
}

/** References to the replies that tell of problems, by status. */
export function problems(...statuses: number[]): Record<string, object> {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  );
}

/** The replies that `problems` refers to. */
export function problemResponses(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(meanings).map(([status, description]) => [
      `Problem${status}`,
      { description, content: { "application/problem+json": { schema: ref("Problem") } } },
    ]),
  );
}

/** Files by media type: any bytes. */
export function files(...mediaTypes: string[]): Record<string, object> {
  return Object.fromEntries(mediaTypes.map((type) => [type, {}]));
}

/** A parameter in the path; a text unless the schema says otherwise. */
export function inPath(name: string, description: string, schema: object): object {
  return { name, in: "path", required: true, description, schema: { type: "string", ...schema } };
}

/** A parameter in the query, which must be given; a text unless the schema says otherwise. */
export function inQuery(name: string, description: string, schema: object): object {
  return { name, in: "query", required: true, description, schema: { type: "string", ...schema } };
}
