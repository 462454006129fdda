import type { Input } from "#schema/config.ts";
import { takesJson } from "../json-inputs.ts";

/** What a request may carry: a file for each input, the bytes of the only one, or JSON. */
export function requestBody(
  inputs: Input[],
  json: object | undefined = takesJson(inputs) ? values(inputs) : undefined,
): object {
  const [only, ...others] = inputs;
  const raw = only && others.length === 0 ? [...only.mediaTypes, "application/octet-stream"] : [];
  return {
    required: true,
    content: {
      "multipart/form-data": multipart(inputs),
      ...Object.fromEntries(raw.map((type) => [type, {}])),
      ...(json && { "application/json": { schema: json } }),
    },
  };
}

function multipart(inputs: Input[]): object {
  return {
    schema: {
      type: "object",
      required: inputs.map(({ id }) => id),
      properties: Object.fromEntries(inputs.map((input) => [input.id, field(input)])),
      additionalProperties: false,
    },
    encoding: Object.fromEntries(
      inputs.map(({ id, mediaTypes }) => [id, { contentType: mediaTypes.join(", ") }]),
    ),
  };
}

function field(input: Input): object {
  const { description, mediaTypes, kind } = input;
  const file = { type: "string", contentMediaType: mediaTypes[0] };
  const words = [description, `Accepted: ${mediaTypes.join(", ")}.`].filter(Boolean).join(" ");
  return kind === "volume"
    ? {
        type: "array",
        items: file,
        minItems: 1,
        description: `${words} Or a series, file by file.`,
      }
    : { ...file, description: words };
}

function values(inputs: Input[]): object {
  const properties = Object.fromEntries(inputs.map((input) => [input.id, value(input)]));
  const byId = {
    type: "object",
    required: ["inputs"],
    properties: {
      inputs: {
        type: "object",
        required: Object.keys(properties),
        properties,
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
  const [only, ...others] = inputs;
  return only && others.length === 0 ? { anyOf: [byId, value(only)] } : byId;
}

function value({ kind, axes }: Input): object {
  if (kind === "text") return { type: "string", description: "The text." };
  if (kind === "table")
    return {
      anyOf: [
        { type: "array", items: { type: "object" }, minItems: 1 },
        { type: "object", additionalProperties: { type: "array" } },
      ],
      description: "Rows as objects, or columns as lists.",
    };
  // From the last axis outwards: lists of lists of numbers.
  return axes.reduceRight<object>(
    (items, { size }) => {
      const { min = 0, max } = typeof size === "number" ? { min: size, max: size } : (size ?? {});
      return { type: "array", items, minItems: min, ...(max !== undefined && { maxItems: max }) };
    },
    { type: "number" },
  );
}
