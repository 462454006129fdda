import type { Config, Input } from "#schema/config.ts";
import { type Content, type RequestFolder, takeBody, tooLarge } from "./intake.ts";
import { parseJson, readJson } from "./json-body.ts";
import { stored } from "./json-inputs.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { cut, type Stretch, sizeOf, take } from "./stretch.ts";
import {
  count,
  type Datatype,
  datatypeOf,
  dtypeOf,
  elementBytes,
  misfit,
  packElements,
} from "./tensors.ts";
import { declaredType, oneBody, type Upload } from "./upload.ts";
import type { InferInput, InferInputs } from "./worker.ts";

/** An inference request of the Open Inference Protocol, read and checked against the config. */
export interface InferenceRequest {
  id: string | undefined;
  inputs: InferInputs;
  outputs: RequestedOutput[];
}

export interface RequestedOutput {
  name: string;
  isBinary: boolean;
  /** How many classes to give as strings `score:index:label`; 0 gives the output itself. */
  classes: number;
}

interface Tensor {
  name: string;
  shape: number[];
  datatype: string;
  parameters: Parameters;
  data: unknown;
}

type Parameters = Record<string, unknown>;

/** Read a request: JSON, or JSON with the tensors' bytes after it. Raises Problem. */
export async function readInference(
  upload: Upload,
  config: Config,
  folder: RequestFolder,
  limits: Limits,
): Promise<InferenceRequest> {
  const { json, binary } = await readBody(upload, folder, limits);
  if (!isObject(json)) throw malformed("The body must be a JSON object with the key inputs.");
  const tensors = readTensors(json["inputs"]);
  const inputs: InferInputs = {};
  let at = binary.start;
  for (const tensor of tensors) {
    const input = config.inputs.find(({ id }) => id === tensor.name);
    if (!input) throw unknown("input", tensor.name, config.inputs);
    if (inputs[input.id]) throw wrong(`Input "${input.id}" came twice.`);
    const bytes = binarySize(tensor);
    inputs[input.id] =
      bytes === undefined
        ? fromJson(tensor, input)
        : await fromBinary(tensor, input, { ...binary, start: at, end: at + bytes }, folder);
    at += bytes ?? 0;
  }
  if (at !== binary.end)
    throw malformed(
      `The tensors' binary_data_size add up to ${at - binary.start} bytes, but ${binary.end - binary.start} came after the JSON.`,
    );
  for (const { id } of config.inputs)
    if (!inputs[id]) throw wrong(`Input "${id}" is missing. Name it among the request's inputs.`);
  return {
    id: typeof json["id"] === "string" ? json["id"] : undefined,
    inputs: await oneBody(inputs, folder),
    outputs: readOutputs(json["outputs"], parametersOf(json), config),
  };
}

async function readBody(
  upload: Upload,
  folder: RequestFolder,
  limits: Limits,
): Promise<{ json: unknown; binary: Stretch }> {
  const header = upload.headers["inference-header-content-length"];
  if (header === undefined) {
    const json = await readJson(upload, folder, limits);
    return { json, binary: { content: Buffer.alloc(0), start: 0, end: 0 } };
  }
  const start = /^\d{1,10}$/.test(String(header)) ? Number(header) : Number.NaN;
  if (Number(upload.headers["content-length"] ?? 0) > limits.bodyBytes) throw tooLarge(limits);
  const content = await takeBody(upload.stream, folder, limits);
  const end = await sizeOf(content);
  if (!(start <= end))
    throw malformed(
      `The header Inference-Header-Content-Length must be the number of bytes of the JSON, which the body of ${end} bytes begins with; it is ${String(header).slice(0, 40)}.`,
    );
  const json = parseJson(await take({ content, start: 0, end: start }));
  return { json, binary: { content, start, end } };
}

function readTensors(inputs: unknown): Tensor[] {
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw malformed(
      'The key inputs must be a list of tensors: {"name", "shape", "datatype", "data"}.',
    );
  return inputs.map((tensor: unknown): Tensor => {
    const { name, shape, datatype, data } = isObject(tensor) ? tensor : {};
    const isShape =
      Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
    if (typeof name !== "string" || typeof datatype !== "string" || !isShape)
      throw malformed(
        "Each of inputs must have a name, a datatype, and a shape of whole numbers from 0 on.",
      );
    const parameters = parametersOf(tensor as Record<string, unknown>);
    return { name, shape: shape as number[], datatype, parameters, data };
  });
}

function binarySize({ name, parameters, data }: Tensor): number | undefined {
  const size = parameters["binary_data_size"];
  if (size === undefined) return undefined;
  // Some clients send every key.
  if (data !== undefined && data !== null)
    throw wrong(`Input "${name}" has both data and binary_data_size.`);
  if (Number.isInteger(size) && (size as number) >= 0) return size as number;
  throw malformed(`Input "${name}": binary_data_size must be a number of bytes.`);
}

function fromJson(tensor: Tensor, input: Input): InferInput {
  const { name, shape, datatype, data } = tensor;
  if (!Array.isArray(data))
    throw wrong(`Input "${name}" needs data, a list, or else the parameter binary_data_size.`);
  if (datatype === "BYTES") {
    const [text, ...others] = data.flat(Number.POSITIVE_INFINITY) as unknown[];
    requireOneFile(tensor, others.length + 1);
    if (typeof text !== "string") throw wrong(`Input "${name}": each of BYTES must be a string.`);
    return { mediaType: mediaTypeOf(tensor, input), body: decoded(text, input) };
  }
  const type = stored(checkTensor(tensor, input));
  const elements = packElements(data, type, shape);
  if (typeof elements === "string") throw undecodable(`Input "${name}": ${elements}.`);
  return { mediaType: null, tensor: { dtype: dtypeOf(type), shape }, body: elements };
}

async function fromBinary(
  tensor: Tensor,
  input: Input,
  stretch: Stretch,
  folder: RequestFolder,
): Promise<InferInput> {
  const { name, shape, datatype } = tensor;
  const bytes = stretch.end - stretch.start;
  if (stretch.end > (await sizeOf(stretch.content)))
    throw malformed(`The body ends before the ${bytes} bytes of input "${name}" do.`);
  if (datatype === "BYTES") {
    requireOneFile(tensor, count(shape));
    const start = stretch.start + 4;
    const length = bytes < 4 ? -1 : (await take({ ...stretch, end: start })).readUInt32LE();
    if (length !== bytes - 4)
      throw malformed(
        `Input "${name}": its bytes must be the length of the file, 4 bytes of it, lowest first, and the file.`,
      );
    const content = await cut({ ...stretch, start }, folder);
    return { mediaType: mediaTypeOf(tensor, input), ...placeOf(content) };
  }
  const type = checkTensor(tensor, input);
  const expected = count(shape) * elementBytes(type);
  if (bytes !== expected)
    throw undecodable(
      `Input "${name}" has ${bytes} bytes, but its shape and datatype make ${expected}.`,
    );
  const content = await cut(stretch, folder);
  return { mediaType: null, tensor: { dtype: dtypeOf(type), shape }, ...placeOf(content) };
}

/** The datatype, where type and shape are the input's. */
function checkTensor({ name, shape, datatype }: Tensor, input: Input): Datatype {
  const expected = tensorType(input);
  if (!expected || datatype !== expected)
    throw wrong(
      `Input "${name}" takes ${expected ? `${expected} or BYTES` : "BYTES"}, but the request says ${datatype.slice(0, 40)}.`,
    );
  const problem = misfit(input, shape);
  if (problem) throw new Problem("input_outside_limits", `Input "${name}" ${problem}.`);
  return expected;
}

/** Type of the elements where an input comes as an array: an image as decoded, all else as is. */
function tensorType({ kind, dtype }: Input): Datatype | undefined {
  if (kind === "text" || kind === "file") return undefined;
  return kind === "image" ? "UINT8" : datatypeOf(dtype);
}

function requireOneFile({ name, shape }: Tensor, elements: number): void {
  if (elements === 1 && count(shape) === 1) return;
  throw wrong(
    `Input "${name}" takes one file, so its BYTES have the shape [1]; this is ${JSON.stringify(shape)}. Send a request for each file.`,
  );
}

/** Bytes of a string: of a text as it is, of all else in base64. */
function decoded(text: string, { id, kind }: Input): Buffer {
  if (kind === "text") return Buffer.from(text);
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text))
    throw undecodable(`Input "${id}": its BYTES in JSON must be the file in base64.`);
  return Buffer.from(text, "base64");
}

/** What the parameter content_type says, as far as it is a media type; else to be found out. */
function mediaTypeOf({ parameters }: Tensor, input: Input): string | null {
  const { content_type: type } = parameters;
  const declared = typeof type === "string" && type.includes("/") ? type : onlyType(input);
  const mediaType = declaredType(input, declared);
  if (mediaType instanceof Problem) throw mediaType;
  return mediaType;
}

// Texts and tables have no signature by which they could be found out.
function onlyType({ kind, mediaTypes }: Input): string | undefined {
  return kind === "text" || kind === "table" ? mediaTypes[0] : undefined;
}

function readOutputs(outputs: unknown, requested: Parameters, config: Config): RequestedOutput[] {
  const all = requested["binary_data_output"] === true;
  if (outputs === undefined || outputs === null || (Array.isArray(outputs) && outputs.length === 0))
    return config.outputs.map(({ id }) => ({ name: id, isBinary: all, classes: 0 }));
  if (!Array.isArray(outputs)) throw malformed('The key outputs must be a list: [{"name": …}].');
  return outputs.map((output: unknown) => {
    const { name } = isObject(output) ? output : {};
    if (typeof name !== "string") throw malformed("Each of outputs must have a name.");
    if (!config.outputs.some(({ id }) => id === name))
      throw unknown("output", name, config.outputs);
    const { binary_data, classification } = parametersOf(output as Record<string, unknown>);
    const isBinary = binary_data === undefined ? all : binary_data === true;
    return { name, isBinary, classes: readCount(classification, name) };
  });
}

function readCount(classes: unknown, name: string): number {
  if (classes === undefined) return 0;
  if (Number.isInteger(classes) && (classes as number) >= 0) return classes as number;
  throw wrong(`Output "${name}": classification must be a number of classes.`);
}

function parametersOf(object: Record<string, unknown>): Parameters {
  return isObject(object["parameters"]) ? object["parameters"] : {};
}

function placeOf(content: Content): { path: string } | { body: Buffer } {
  return "path" in content ? { path: content.path } : { body: content };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(detail: string): Problem {
  return new Problem("malformed_request", detail);
}

function wrong(detail: string): Problem {
  return new Problem("wrong_inputs", detail);
}

function undecodable(detail: string): Problem {
  return new Problem("input_undecodable", detail);
}

function unknown(what: "input" | "output", name: string, known: { id: string }[]): Problem {
  const ids = known.map(({ id }) => id).join(", ");
  return wrong(`"${name.slice(0, 80)}" is no ${what} of this model; it has ${ids}.`);
}
