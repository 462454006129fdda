import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import type { Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { readLegal } from "../legal.ts";
import { predict, predictUpload, requestId } from "../predict.ts";
import { Problem } from "../problem.ts";
import { json, jsonText } from "../reply.ts";
import { type SampleFile, Samples } from "../samples.ts";

/** The routes of the published ModelHub engine. */
export function modelhubRoutes(app: Hono, options: AppOptions): void {
  const { config, configText, folder } = options.model;
  const samples = new Samples(config, folder);

  app.get("/api/get_config", () => jsonText(configText));
  app.get("/api/get_legal", () => json(readLegal(config, folder)));
  app.get("/api/get_model_io", () => json({ inputs: config.inputs, outputs: config.outputs }));
  app.get("/api/get_samples", () => json({ samples: samples.list() }));
  app.get("/api/samples/:file{.+}", (c) => {
    const file = samples.file(c.req.param("file"));
    if (!file) throw noSample(samples, "file");
    return sendFile(file);
  });
  app.get("/api/predict_sample", (c) => {
    const sample = samples.find(c.req.query("filename") ?? "");
    if (!sample) throw noSample(samples, "filename");
    return predict(c, requestId(c), samples.inputs(sample), options);
  });
  app.post("/api/predict", (c) => predictUpload(c, options));
  app.get("/api/predict", (c) => {
    throw c.req.query("fileurl") === undefined ? usePost() : urlInputOff();
  });
}

async function sendFile(file: SampleFile): Promise<Response> {
  const { size } = await stat(file.path);
  return new Response(Readable.toWeb(createReadStream(file.path)) as ReadableStream, {
    headers: {
      "content-type": file.mediaType,
      "content-length": String(size),
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "public, max-age=3600",
    },
  });
}

function noSample(samples: Samples, parameter: string): Problem {
  const known = samples.ids.slice(0, 20).join(", ");
  return new Problem(
    "not_found",
    `The model has no sample by the ${parameter === "file" ? "name in this address" : `${parameter} that was given`}. Its samples are ${known}; /api/get_samples lists them with their files.`,
  );
}

function usePost(): Problem {
  return new Problem(
    "method_not_allowed",
    "/api/predict takes a file by POST. For a sample of the model: GET /api/predict_sample?filename=…",
    { headers: { allow: "OPTIONS, POST" } },
  );
}

function urlInputOff(): Problem {
  return new Problem(
    "url_input_off",
    "This server doesn't fetch inputs from addresses. Download the file and send it by POST to /api/predict.",
  );
}
