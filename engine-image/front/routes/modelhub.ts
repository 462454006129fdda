import { join } from "node:path";
import type { Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { fileReply, piecesReply } from "../file-reply.ts";
import { readLegal } from "../legal.ts";
import { modelEtag, modelFiles } from "../model-files.ts";
import { modelIo } from "../model-io.ts";
import { predict, predictUpload } from "../predict.ts";
import { Problem } from "../problem.ts";
import { json, jsonText, reply } from "../reply.ts";
import { Samples } from "../samples.ts";
import { zip, zipBytes } from "../zip.ts";

const immutable = { "cache-control": "public, max-age=3600" };

const thumbnails: Record<string, string> = {
  "thumbnail.jpg": "image/jpeg",
  "thumbnail.jpeg": "image/jpeg",
  "thumbnail.png": "image/png",
  "thumbnail.webp": "image/webp",
};

/** The routes of the published ModelHub engine. */
export function modelhubRoutes(app: Hono, options: AppOptions): void {
  const { model } = options;
  const { config, configText, folder } = model;
  const samples = new Samples(config, folder);

  app.get("/api/get_config", () => jsonText(configText));
  app.get("/api/get_legal", () => json(readLegal(config, folder)));
  app.get("/api/get_model_io", () => json(modelIo(config, model.original)));
  app.get("/api/get_model_files", async (c) => {
    const headers = { etag: modelEtag(model), ...immutable };
    if (c.req.header("if-none-match") === headers.etag) return reply(null, headers, 304);
    const entries = await modelFiles(model);
    return piecesReply(c, zip(entries), {
      ...headers,
      "content-type": "application/zip",
      "content-length": String(zipBytes(entries)),
      "content-disposition": `attachment; filename="${model.identity.id}_model.zip"`,
    });
  });
  app.get("/api/get_samples", (c) =>
    json(samples.addresses.map((address) => new URL(address, c.req.url).href)),
  );
  app.get("/api/samples", () => json({ samples: samples.list() }));
  app.get("/api/samples/:file{.+}", (c) => {
    const file = samples.file(c.req.param("file"));
    if (!file) throw noSample(samples, "file");
    return fileReply(c, file.path, { "content-type": file.mediaType, ...immutable });
  });
  app.get("/api/thumbnail/:file", (c) => {
    const mediaType = thumbnails[c.req.param("file")];
    if (!mediaType) throw noThumbnail();
    const path = join(folder, model.original ? "model" : "", c.req.param("file"));
    return fileReply(c, path, { "content-type": mediaType, ...immutable }).catch(() => {
      throw noThumbnail();
    });
  });
  app.get("/api/predict_sample", (c) => {
    const sample = samples.find(c.req.query("filename") ?? "");
    if (!sample) throw noSample(samples, "filename");
    return predict(c, options, () => samples.inputs(sample));
  });
  app.post("/api/predict", (c) => predictUpload(c, options));
  app.get("/api/predict", (c) => {
    throw c.req.query("fileurl") === undefined ? usePost() : urlInputOff();
  });
}

function noSample(samples: Samples, parameter: string): Problem {
  const known = samples.ids.slice(0, 20).join(", ");
  return new Problem(
    "not_found",
    `The model has no sample by the ${parameter === "file" ? "name in this address" : `${parameter} that was given`}. Its samples are ${known}; /api/samples lists them with their files.`,
  );
}

function noThumbnail(): Problem {
  const names = Object.keys(thumbnails).join(", ");
  return new Problem(
    "not_found",
    `The model has no such thumbnail. It would be a file ${names} beside modelhub.json.`,
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
