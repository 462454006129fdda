import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import busboy from "busboy";
import type { Input } from "#schema/config.ts";
import {
  type Body,
  type Content,
  Intake,
  type RequestFolder,
  takeBody,
  tooLarge,
  wholeBody,
} from "./intake.ts";
import { readJson } from "./json-body.ts";
import { inputsOfJson, takesJson } from "./json-inputs.ts";
import type { Limits } from "./limits.ts";
import { canonical, essence } from "./media-types.ts";
import { onlyFile } from "./one-file.ts";
import { Problem, several } from "./problem.ts";
import type { InferInput, InferInputs } from "./worker.ts";

/** A request's body and what its headers say of it. */
export interface Upload {
  stream: Body;
  headers: IncomingHttpHeaders;
}

// Fields are held in memory until they end.
const maxFieldBytes = 2 ** 20;

// Slices of a series come in parts of their own.
const seriesParts = 2048;

/**
 * The model's inputs out of a request: a multipart body, the raw bytes of the only input, or JSON
 * where numbers and texts are all that the model takes.
 */
export async function readInputs(
  upload: Upload,
  inputs: Input[],
  folder: RequestFolder,
  limits: Limits,
): Promise<InferInputs> {
  const announced = Number(upload.headers["content-length"] ?? 0);
  if (announced > limits.bodyBytes) throw tooLarge(limits);
  const type = essence(upload.headers["content-type"]);
  const [input, ...others] = inputs;
  if (type === "multipart/form-data") {
    const whole = await wholeBody(upload.stream, limits);
    const only = whole && onlyFile(whole, upload.headers["content-type"]);
    const parts = only
      ? [{ ...only, isField: false }]
      : await readParts(upload, whole, folder, limits, maxParts(inputs, limits));
    return toInputs(assign(parts, inputs), folder);
  }
  if (type === "application/json" && takesJson(inputs))
    return oneBody(inputsOfJson(await readJson(upload, folder, limits), inputs), folder);
  if (!input || others.length > 0) throw severalInputs(inputs, type);
  const mediaType = declaredType(input, type);
  if (mediaType instanceof Problem) throw mediaType;
  const content = await takeBody(upload.stream, folder, limits);
  if (isEmpty(content)) throw emptyBody(input);
  return { [input.id]: toInput({ mediaType, contents: [content] }) };
}

function maxParts(inputs: Input[], { parts }: Limits): number {
  return inputs.some(({ kind }) => kind === "volume") ? Math.max(parts, seriesParts) : parts;
}

interface Part {
  name: string;
  type: string | undefined;
  content: Content;
  /** Whether the part has no file name, as what is typed into a form. */
  isField: boolean;
}

function readParts(
  upload: Upload,
  whole: Buffer | undefined,
  folder: RequestFolder,
  limits: Limits,
  most: number,
): Promise<Part[]> {
  const intake = new Intake(upload.stream, folder, limits);
  const parts: Promise<Part>[] = [];
  return new Promise<Part[]>((resolve, reject) => {
    intake.onFail(reject);
    const form = openForm(upload, most);
    form.on("file", (name, stream, { mimeType }) => {
      stream.on("error", (error) => intake.fail(notMultipart(error)));
      const type = essence(mimeType);
      parts.push(
        intake.collect(stream).then((content) => ({ name, type, content, isField: false })),
      );
      // Whoever gives the body up says so below; a part of it has nothing to add.
      parts.at(-1)?.catch(() => {});
    });
    form.on("field", (name, value, { mimeType, valueTruncated }) => {
      if (valueTruncated) intake.fail(longField(name));
      const type = essence(mimeType);
      const content = bytesOfField(value, mimeType);
      parts.push(Promise.resolve({ name, type, content, isField: true }));
    });
    form.on("partsLimit", () => intake.fail(tooManyParts(most)));
    form.on("error", (error) => intake.fail(notMultipart(error as Error)));
    form.on("close", () => Promise.all(parts).then(resolve, reject));
    if (whole) form.end(whole);
    else upload.stream.pipe(form);
  });
}

function openForm({ headers }: Upload, parts: number): busboy.Busboy {
  try {
    return busboy({
      headers,
      // So that a field's bytes come through as they are.
      defCharset: "latin1",
      limits: { parts, fieldNameSize: 100, fieldSize: maxFieldBytes, headerPairs: 32 },
    });
  } catch (error) {
    throw notMultipart(error as Error);
  }
}

/** The bytes of a field. Its text was decoded by the charset that it names, if it names one. */
function bytesOfField(value: string, mimeType: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  return mimeType.startsWith("text/") && !isUtf8(bytes) ? Buffer.from(value) : bytes;
}

/** The files that came for an input: one, or the slices of a series. */
interface Files {
  mediaType: string | null;
  contents: Content[];
}

/** The parts by input. */
function assign(parts: Part[], inputs: Input[]): Map<string, Files> {
  const result = new Map<string, Files>();
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const part of parts) {
    const input = inputOf(part.name, inputs);
    const problem = input ? take(part, input, result, seen) : unknownInput(part, inputs);
    if (problem) found.push(problem);
    if (input) seen.add(input.id);
  }
  for (const { id } of inputs) if (!seen.has(id)) found.push(missingInput(id));
  const [first, ...others] = found;
  if (first && others.length === 0) throw first;
  if (first) throw several("wrong_inputs", found);
  return result;
}

/** The input of a field: the one of that id; `file` and `image` will do where there is one. */
function inputOf(field: string, inputs: Input[]): Input | undefined {
  const [only, ...others] = inputs;
  // The published engine calls the field file, the Model Asset Exchange calls it by its kind.
  if (only && others.length === 0 && (field === "file" || field === only.kind)) return only;
  return inputs.find(({ id }) => id === field);
}

/** Add the part to what came for the input, or say why it can't be. */
function take(
  { name, type, content, isField }: Part,
  input: Input,
  result: Map<string, Files>,
  seen: Set<string>,
): Problem | undefined {
  if (seen.has(input.id) && input.kind !== "volume")
    return wrong(`Input "${input.id}" takes one file, but more came.`);
  if (isField && type === "text/plain" && input.kind !== "text")
    return wrong(
      `Field "${name}" holds text, but a file is expected. With curl: -F ${name}=@FILE.`,
    );
  if (isEmpty(content)) return wrong(`The file for input "${input.id}" is empty.`);
  const mediaType = declaredType(input, type);
  if (mediaType instanceof Problem) return mediaType;
  const before = result.get(input.id);
  if (before) before.contents.push(content);
  else result.set(input.id, { mediaType, contents: [content] });
  return undefined;
}

function unknownInput({ name }: Part, inputs: Input[]): Problem {
  return wrong(`"${name}" is no input of this model; it takes ${ids(inputs)}.`);
}

function missingInput(id: string): Problem {
  return wrong(`Input "${id}" is missing. Send its file in a field of that name.`);
}

function wrong(detail: string): Problem {
  return new Problem("wrong_inputs", detail);
}

async function toInputs(parts: Map<string, Files>, folder: RequestFolder): Promise<InferInputs> {
  const inputs: InferInputs = {};
  for (const [id, { mediaType, contents }] of parts)
    inputs[id] =
      contents.length === 1
        ? toInput({ mediaType, contents })
        : { mediaType, paths: await Promise.all(contents.map((one) => toFile(one, folder))) };
  return oneBody(inputs, folder);
}

/** One input may travel through memory; several go as files, as the frame holds one body. */
export async function oneBody(inputs: InferInputs, folder: RequestFolder): Promise<InferInputs> {
  const entries = Object.entries(inputs);
  if (entries.length <= 1) return inputs;
  for (const [id, input] of entries)
    if ("body" in input) {
      const { body, ...form } = input;
      inputs[id] = { ...form, path: await toFile(body, folder) };
    }
  return inputs;
}

async function toFile(content: Content, folder: RequestFolder): Promise<string> {
  if ("path" in content) return content.path;
  const file = await folder.newFile();
  await new Promise<void>((resolve, reject) => {
    file.once("error", reject);
    file.end(content, resolve);
  });
  return String(file.path);
}

function toInput({ mediaType, contents }: Files): InferInput {
  const content = contents[0] as Content;
  return "path" in content ? { mediaType, path: content.path } : { mediaType, body: content };
}

function isEmpty(content: Content): boolean {
  return content instanceof Buffer && content.length === 0;
}

/** The declared type if the input takes it, null if the worker shall find out. */
export function declaredType(input: Input, type: string | undefined): string | null | Problem {
  if (type === undefined || type === "application/octet-stream") return null;
  const known = canonical(type);
  if (input.mediaTypes.some((accepted) => canonical(accepted) === known)) return known;
  if (known === "application/x-npy" && input.kind !== "text" && input.kind !== "file") return known;
  return new Problem(
    "unsupported_media_type",
    `Input "${input.id}" takes ${list(input.mediaTypes)}, but the request says ${type}. Send such a file with its Content-Type, or as application/octet-stream to have its type found out.`,
  );
}

function ids(inputs: Input[]): string {
  return list(inputs.map((input) => input.id));
}

function list(words: string[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(words);
}

function severalInputs(inputs: Input[], type: string | undefined): Problem {
  const sent = type ? `one body of type ${type}` : "one body without a type";
  return new Problem(
    "unsupported_media_type",
    `This model takes ${inputs.length} inputs, ${inputs.map(({ id }) => id).join(" and ")}, but the request holds ${sent}. Send multipart/form-data with a file for each.`,
  );
}

function emptyBody(input: Input): Problem {
  return new Problem(
    "malformed_request",
    `The request has no body. Send the file for input "${input.id}" as the body, or as multipart/form-data.`,
  );
}

function longField(name: string): Problem {
  return new Problem(
    "too_large",
    `Field "${name}" has no file name and holds more than ${maxFieldBytes} bytes. Send it as a file; with curl: -F ${name}=@FILE.`,
    { headers: { connection: "close" } },
  );
}

function tooManyParts(most: number): Problem {
  return new Problem(
    "too_large",
    `A request may hold ${most} parts, and this one holds more. Send one file for each input.`,
    { headers: { connection: "close" } },
  );
}

function notMultipart(error: Error): Problem {
  return new Problem(
    "malformed_request",
    `The body can't be read as multipart/form-data (${error.message}). It may be cut off, or lack the boundary that its Content-Type names.`,
  );
}
