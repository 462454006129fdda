import type { Input } from "#schema/config.ts";
import type { ModelInfo } from "../config.ts";
import { unversioned } from "../inference-reply.ts";
import { count, type Datatype, datatypeOf, elementBytes } from "../tensors.ts";
import { get, inPath, json, operation, predictionProblems, problems, reply } from "./operations.ts";

/** The Open Inference Protocol, V2, for this model. */
export function inferencePaths({ identity }: ModelInfo): Record<string, object> {
  const model = inPath("model", "Id of the model.", { enum: [identity.id] });
  const version = inPath("version", "Version of the model.", {
    enum: [identity.version ?? unversioned],
  });
  const described = (id: string, ...parameters: object[]) => ({
    get: operation(`describeModel${id}`, "Inputs and outputs as tensors", {
      parameters,
      responses: { 200: reply("InferenceModel"), ...problems(404) },
    }),
  });
  const ready = (id: string, ...parameters: object[]) => ({
    get: operation(`getModelReady${id}`, "Would the model predict?", {
      parameters,
      responses: { 200: reply("InferenceModelReady"), ...problems(404, 503) },
    }),
  });
  const infer = (id: string, ...parameters: object[]) => ({
    post: operation(`infer${id}`, "Predict tensors", {
      parameters,
      requestBody: {
        required: true,
        content: json("InferenceRequest"),
        description:
          "JSON; or, with the header Inference-Header-Content-Length, JSON of that length and the bytes of the tensors that have the parameter binary_data_size.",
      },
      responses: {
        200: {
          description: "Outputs as tensors; with their bytes after the JSON, where asked for.",
          content: { ...json("InferenceReply"), "application/octet-stream": {} },
        },
        ...problems(404, 406, ...predictionProblems),
      },
    }),
  });
  return {
    "/v2": { get: get("describeServer", "What the server is", "InferenceServer") },
    "/v2/health/live": { get: get("getServerLive", "Does the server run?", "InferenceLive") },
    "/v2/health/ready": {
      get: operation("getServerReady", "Would the server predict?", {
        responses: { 200: reply("InferenceReady"), ...problems(503) },
      }),
    },
    "/v2/models/{model}": described("", model),
    "/v2/models/{model}/ready": ready("", model),
    "/v2/models/{model}/infer": infer("", model),
    "/v2/models/{model}/versions/{version}": described("Version", model, version),
    "/v2/models/{model}/versions/{version}/ready": ready("Version", model, version),
    "/v2/models/{model}/versions/{version}/infer": infer("Version", model, version),
  };
}

/** The request's schema, with this model's inputs and outputs. */
export function inferenceRequestSchema({ config: { inputs, outputs } }: ModelInfo): object {
  const free = { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } };
  return {
    type: "object",
    description: "Inputs as tensors.",
    required: ["inputs"],
    properties: {
      id: { type: "string", description: "Comes back in the reply." },
      parameters: free,
      inputs: {
        type: "array",
        minItems: inputs.length,
        maxItems: inputs.length,
        prefixItems: inputs.map(tensorSchema),
        items: { type: "object" },
      },
      outputs: {
        type: "array",
        description: "Outputs that are wanted. Absent: all.",
        items: {
          type: "object",
          required: ["name"],
          properties: { name: { enum: outputs.map(({ id }) => id) }, parameters: free },
        },
      },
    },
  };
}

function tensorSchema({ id, kind, dtype, axes }: Input): object {
  const name = { const: id };
  const file = {
    type: "object",
    required: ["name", "shape", "datatype", "data"],
    properties: {
      name,
      datatype: { const: "BYTES" },
      shape: { const: [1] },
      data: { type: "array", minItems: 1, maxItems: 1, items: string(kind) },
    },
  };
  if (kind === "text" || kind === "file") return file;
  const datatype = kind === "image" ? "UINT8" : datatypeOf(dtype);
  const elements = {
    type: "object",
    required: ["name", "shape", "datatype", "data"],
    properties: { name, datatype: { const: datatype }, ...elementsSchema(axes, datatype) },
  };
  return { anyOf: [elements, file] };
}

/** Shape and data: to the number where the axes are fixed, which JSON Schema can't say otherwise. */
function elementsSchema(axes: Input["axes"], datatype: Datatype): object {
  const sizes = axes.map(({ size }) => (typeof size === "number" ? size : undefined));
  const isFixed = sizes.every((size) => size !== undefined);
  const total = isFixed ? count(sizes as number[]) : undefined;
  return {
    shape: {
      type: "array",
      minItems: axes.length,
      maxItems: axes.length,
      prefixItems: axes.map(({ size }) => sizeSchema(size)),
    },
    data: {
      type: "array",
      description: "Elements, flat or nested by axis, as many as the shape says.",
      ...(total === undefined
        ? {}
        : { items: elementSchema(datatype), minItems: total, maxItems: total }),
    },
  };
}

function sizeSchema(size: Input["axes"][number]["size"]): object {
  if (typeof size === "number") return { const: size };
  const { min = 0, max } = size ?? {};
  return { type: "integer", minimum: min, ...(max !== undefined && { maximum: max }) };
}

function elementSchema(datatype: Datatype): object {
  if (datatype === "BOOL") return { type: "boolean" };
  if (datatype.startsWith("FP")) return { type: "number" };
  const bits = 8 * elementBytes(datatype);
  const [minimum, maximum] = datatype.startsWith("U")
    ? [0, 2 ** bits - 1]
    : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  // Beyond 53 bits a number of JSON is no exact integer any more.
  return { type: "integer", ...(bits <= 32 && { minimum, maximum }) };
}

function string(kind: Input["kind"]): object {
  return kind === "text" ? { type: "string" } : { type: "string", contentEncoding: "base64" };
}
