import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import busboy from "busboy";
import type { Input } from "#schema/config.ts";
import { type Content, Intake, type RequestFolder, tooLarge } from "./intake.ts";
import type { Limits } from "./limits.ts";
import { Problem, several } from "./problem.ts";
import type { InferInput, InferInputs } from "./worker.ts";

/** A request's body and what its headers say of it. */
export interface Upload {
  stream: Readable;
  headers: IncomingHttpHeaders;
}

/** The model's inputs out of a request: a multipart body, or the raw bytes of the only input. */
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
    const parts = await readParts(upload, new Intake(upload.stream, folder, limits), limits);
    return others.length > 0 ? asFiles(assign(parts, inputs), folder) : assign(parts, inputs);
  }
  if (!input || others.length > 0) throw severalInputs(inputs, type);
  const mediaType = declaredType(input, type);
  if (mediaType instanceof Problem) throw mediaType;
  const content = await new Intake(upload.stream, folder, limits).collect(upload.stream);
  if (isEmpty(content)) throw emptyBody(input);
  return { [input.id]: toInput(mediaType, content) };
}

interface Part {
  name: string;
  type: string | undefined;
  /** Nothing where the part is a text field. */
  content: Content | undefined;
}

function readParts(upload: Upload, intake: Intake, limits: Limits): Promise<Part[]> {
  const parts: Promise<Part>[] = [];
  return new Promise<Part[]>((resolve, reject) => {
    intake.onFail(reject);
    const form = openForm(upload, limits);
    form.on("file", (name, stream, { mimeType }) => {
      stream.on("error", (error) => intake.fail(notMultipart(error)));
      const type = essence(mimeType);
      parts.push(intake.collect(stream).then((content) => ({ name, type, content })));
      // Whoever gives the body up says so below; a part of it has nothing to add.
      parts.at(-1)?.catch(() => {});
    });
    form.on("field", (name) => {
      parts.push(Promise.resolve({ name, type: undefined, content: undefined }));
    });
    form.on("partsLimit", () => intake.fail(tooManyParts(limits)));
    form.on("error", (error) => intake.fail(notMultipart(error as Error)));
    form.on("close", () => Promise.all(parts).then(resolve, reject));
    upload.stream.pipe(form);
  });
}

function openForm({ headers }: Upload, limits: Limits): busboy.Busboy {
  try {
    return busboy({
      headers,
      limits: { parts: limits.parts, fieldNameSize: 100, fieldSize: 1024, headerPairs: 32 },
    });
  } catch (error) {
    throw notMultipart(error as Error);
  }
}

/** The parts by input. Of a model with one input, a file in any field is that input. */
function assign(parts: Part[], inputs: Input[]): InferInputs {
  const result: InferInputs = {};
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const part of parts) {
    const input = inputs.length === 1 ? inputs[0] : inputs.find(({ id }) => id === part.name);
    const taken = input ? take(part, input, seen) : unknownInput(part, inputs);
    if (taken instanceof Problem) found.push(taken);
    else if (input) result[input.id] = taken;
    if (input) seen.add(input.id);
  }
  for (const { id } of inputs) if (!seen.has(id)) found.push(missingInput(id));
  const [first, ...others] = found;
  if (first && others.length === 0) throw first;
  if (first) throw several("wrong_inputs", found);
  return result;
}

/** The part as the input, or why it can't be. */
function take(part: Part, input: Input, seen: Set<string>): InferInput | Problem {
  const { name, type, content } = part;
  if (seen.has(input.id)) return wrong(`Input "${input.id}" takes one file, but more came.`);
  if (content === undefined)
    return wrong(
      `Field "${name}" holds text, but a file is expected. With curl: -F ${name}=@FILE.`,
    );
  if (isEmpty(content)) return wrong(`The file for input "${input.id}" is empty.`);
  const mediaType = declaredType(input, type);
  return mediaType instanceof Problem ? mediaType : toInput(mediaType, content);
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

/** One input may travel through memory; several go as files, as the frame holds one body. */
async function asFiles(inputs: InferInputs, folder: RequestFolder): Promise<InferInputs> {
  for (const [id, input] of Object.entries(inputs)) {
    if (!("body" in input)) continue;
    const file = await folder.newFile();
    await new Promise<void>((resolve, reject) => {
      file.once("error", reject);
      file.end(input.body, resolve);
    });
    inputs[id] = { mediaType: input.mediaType, path: String(file.path) };
  }
  return inputs;
}

function toInput(mediaType: string | null, content: Content): InferInput {
  return "path" in content ? { mediaType, path: content.path } : { mediaType, body: content };
}

function isEmpty(content: Content): boolean {
  return content instanceof Buffer && content.length === 0;
}

// What clients write for a type that has another name.
const aliases: Record<string, string> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
};

/** The declared type if the input takes it, null if the worker shall find out. */
function declaredType(input: Input, type: string | undefined): string | null | Problem {
  if (type === undefined || type === "application/octet-stream") return null;
  const known = aliases[type] ?? type;
  if (input.mediaTypes.includes(known)) return known;
  return new Problem(
    "unsupported_media_type",
    `Input "${input.id}" takes ${list(input.mediaTypes)}, but the request says ${type}. Send such a file with its Content-Type, or as application/octet-stream to have its type found out.`,
  );
}

function essence(contentType: string | undefined): string | undefined {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "" ? undefined : type;
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

function tooManyParts(limits: Limits): Problem {
  return new Problem(
    "too_large",
    `A request may hold ${limits.parts} parts, and this one holds more. Send one file for each input.`,
    { headers: { connection: "close" } },
  );
}

function notMultipart(error: Error): Problem {
  return new Problem(
    "malformed_request",
    `The body can't be read as multipart/form-data (${error.message}). It may be cut off, or lack the boundary that its Content-Type names.`,
  );
}
