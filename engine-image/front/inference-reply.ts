import { open } from "node:fs/promises";
import type { Prediction } from "#schema/record.ts";
import type { AppOptions } from "./app.ts";
import type { RequestedOutput } from "./inference-request.ts";
import { modelLabels } from "./labels.ts";
import { stretch } from "./prediction-reply.ts";
import { Problem } from "./problem.ts";
import { json, reply } from "./reply.ts";
import { datatypeOf, unpackElements } from "./tensors.ts";
import type { InferResult, OutputFile } from "./worker.ts";

/** A tensor of a reply; its bytes, where it was asked for in binary, come after the JSON. */
interface ReplyTensor {
  name: string;
  datatype: string;
  shape: number[];
  parameters?: Record<string, unknown>;
  data?: unknown[];
}

/** The reply to an inference request: JSON, or JSON with the tensors' bytes after it. */
export async function inferenceReply(
  { id, outputs }: { id: string | undefined; outputs: RequestedOutput[] },
  result: InferResult,
  { model }: Pick<AppOptions, "model">,
  headers: Record<string, string>,
): Promise<Response> {
  const tensors: ReplyTensor[] = [];
  const binary: Buffer[] = [];
  const labels = lazily(() => modelLabels(model.config, model.folder));
  for (const requested of outputs) {
    const tensor = await toTensor(requested, result, labels);
    if (tensor.binary) {
      binary.push(tensor.binary);
      const parameters = { binary_data_size: tensor.binary.length };
      tensors.push({ ...tensor.described, parameters });
    } else tensors.push(tensor.described);
  }
  const body = {
    model_name: model.identity.id,
    model_version: model.identity.version ?? unversioned,
    ...(id !== undefined && { id }),
    outputs: tensors,
  };
  if (binary.length === 0) return json(body, headers);
  const head = Buffer.from(JSON.stringify(body));
  const bytes = Buffer.concat([head, ...binary]);
  return reply(bytes, {
    ...headers,
    "content-type": "application/octet-stream",
    "inference-header-content-length": String(head.length),
    "x-content-type-options": "nosniff",
  });
}

/** The version of a model that runs outside an image, which has none. */
export const unversioned = "0.0.0";

interface Given {
  described: ReplyTensor;
  binary?: Buffer;
}

async function toTensor(
  requested: RequestedOutput,
  { outputs, files, body }: InferResult,
  labels: () => string[] | undefined,
): Promise<Given> {
  const { name } = requested;
  const output = outputs.find((one) => one.name === name);
  const file = files.find((one) => one.name === name);
  if (!output) throw new Error(`the worker gave no output ${name}`);
  if (file) return arrayTensor(requested, output, await bytesOf(file, body), labels);
  return bytesTensor(requested, strings(output, requested.classes, labels));
}

function arrayTensor(
  { name, isBinary, classes }: RequestedOutput,
  output: Prediction,
  elements: Buffer,
  labels: () => string[] | undefined,
): Given {
  const { dtype, shape } = output as ArrayPrediction;
  const datatype = datatypeOf(dtype);
  if (isBinary && classes === 0) return { described: { name, datatype, shape }, binary: elements };
  const data = unpackElements(elements, datatype);
  if (classes === 0) return { described: { name, datatype, shape, data } };
  return bytesTensor({ name, isBinary }, classified(data, shape, classes, labels() ?? []));
}

/** What a described array says of its elements. */
interface ArrayPrediction {
  dtype: string;
  shape: number[];
}

function bytesTensor(
  { name, isBinary }: Pick<RequestedOutput, "name" | "isBinary">,
  data: string[],
): Given {
  const described = { name, datatype: "BYTES", shape: [data.length] };
  if (!isBinary) return { described: { ...described, data } };
  const parts = data.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return { described, binary: Buffer.concat(parts) };
}

/** An output that is no array as strings: a text as it is, of a list each entry in JSON. */
function strings(
  { type, prediction }: Prediction,
  classes: number,
  labels: () => string[] | undefined,
): string[] {
  if (type === "text") return [prediction];
  if (type === "label_list" && classes > 0) {
    const known = labels() ?? [];
    return prediction.slice(0, classes).map(({ label, probability }, place) => {
      const index = known.indexOf(label);
      return `${probability}:${index === -1 ? place : index}:${label}`;
    });
  }
  const isList = Array.isArray(prediction) && type !== "custom";
  return (isList ? prediction : [prediction]).map((entry: unknown) => JSON.stringify(entry));
}

/** The highest numbers of a vector, as Triton's classification extension writes them. */
function classified(
  data: (number | boolean)[],
  shape: number[],
  classes: number,
  labels: string[],
): string[] {
  if (shape.filter((size) => size !== 1).length > 1)
    throw new Problem(
      "wrong_inputs",
      `classification asks for the highest numbers of a vector, but this output has the shape ${JSON.stringify(shape)}. Leave the parameter out.`,
    );
  return data
    .map((value, index) => ({ value: Number(value), index }))
    .sort((a, b) => b.value - a.value)
    .slice(0, classes)
    .map(({ value, index }) => [value, index, labels[index]].filter(isThere).join(":"));
}

function isThere(part: unknown): boolean {
  return part !== undefined;
}

async function bytesOf(file: OutputFile, body: Buffer): Promise<Buffer> {
  if (!("path" in file)) return stretch(body, file);
  const handle = await open(file.path);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
