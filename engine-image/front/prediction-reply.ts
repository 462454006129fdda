import type { Context } from "hono";
import type { Prediction } from "#schema/record.ts";
import type { AppOptions } from "./app.ts";
import type { ModelInfo } from "./config.ts";
import { bytesReply, fileReply, piecesReply } from "./file-reply.ts";
import { inOriginalWords } from "./original.ts";
import type { StoredFile } from "./output-store.ts";
import { Problem } from "./problem.ts";
import type { InferResult, OutputFile } from "./worker.ts";
import { type ZipEntry, zip, zipBytes } from "./zip.ts";

/** A prediction as JSON carries it. Files of its outputs are kept, and stand in it as addresses. */
export async function envelope(
  id: string,
  { outputs, files, microseconds }: InferResult,
  { model, outputs: store }: Pick<AppOptions, "model" | "outputs">,
): Promise<object> {
  const { config, identity, engineVersion, deterministic, original } = model;
  const addressed =
    files.length > 0 ? withAddresses(outputs, await store.keep(id, files)) : outputs;
  return {
    output: original ? inOriginalWords(addressed, original) : addressed,
    timestamp: new Date().toISOString(),
    processing_time: microseconds.total / 1e6,
    model: {
      id: original?.id ?? identity.id,
      name: config.title,
      version: identity.version,
      revision: identity.revision,
      weights: identity.weights,
      engine: engineVersion,
      deterministic,
    },
    request_id: id,
  };
}

function withAddresses(outputs: Prediction[], files: Map<string, StoredFile>): Prediction[] {
  return outputs.map((output) => {
    const file = files.get(output.name);
    if (!file) return output;
    return { ...output, prediction: file.address, mediaType: file.mediaType } as Prediction;
  });
}

/** Encoded outputs as a reply: the one file, or a zip of several. */
export async function filesReply(
  c: Context,
  id: string,
  { files, body }: InferResult,
  { model, outputs }: Pick<AppOptions, "model" | "outputs">,
  headers: Record<string, string>,
): Promise<Response> {
  const described = { ...identityHeaders(model), ...headers };
  const [file, ...others] = files;
  if (!file) throw new Problem("internal", "The model's side gave no file for its outputs.");
  if (others.length > 0) {
    const entries = zipEntries(files, body, await outputs.keep(id, files));
    return piecesReply(c, zip(entries), {
      ...described,
      "content-type": "application/zip",
      "content-length": String(zipBytes(entries)),
      ...disposition(`${model.identity.id}.zip`),
    });
  }
  const all = { ...described, "content-type": file.mediaType, ...disposition(file.file) };
  return "path" in file ? fileReply(c, file.path, all) : bytesReply(stretch(body, file), all);
}

/** Bytes of a file that came in the result's body. */
export function stretch(body: Buffer, { offset, bytes }: { offset: number; bytes: number }) {
  return body.subarray(offset, offset + bytes);
}

function zipEntries(files: OutputFile[], body: Buffer, stored: Map<string, StoredFile>) {
  return files.map((file): ZipEntry => {
    if (!("path" in file))
      return { name: file.file, bytes: file.bytes, content: stretch(body, file) };
    const { path, bytes } = stored.get(file.name) as StoredFile;
    return { name: file.file, bytes, path };
  });
}

/** What made the outputs, for files that can't say so themselves. */
function identityHeaders(model: ModelInfo): Record<string, string> {
  const { identity, engineVersion, deterministic } = model;
  return {
    "x-modelhub-model": identity.id,
    ...(identity.version && { "x-modelhub-version": identity.version }),
    ...(identity.revision && { "x-modelhub-revision": identity.revision }),
    "x-modelhub-weights": Object.entries(identity.weights)
      .map(([id, sha256]) => `${id}=${sha256}`)
      .join(" "),
    "x-modelhub-engine": engineVersion,
    "x-modelhub-deterministic": String(deterministic),
  };
}

function disposition(name: string): Record<string, string> {
  return { "content-disposition": `inline; filename="${name.replace(/[^\w.-]/g, "_")}"` };
}
