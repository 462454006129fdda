import { availableTypes } from "../accept.ts";
import type { ModelInfo } from "../config.ts";
import { Samples } from "../samples.ts";
import { requestBody } from "./bodies.ts";
import {
  files,
  get,
  inPath,
  inQuery,
  json,
  operation,
  predictionProblems,
  problems,
  reply,
} from "./operations.ts";

/** The routes of the published engine. */
export function modelhubPaths({ config, folder }: ModelInfo): Record<string, object> {
  const { inputs, samples, title } = config;
  const names = samples.map(({ id }) => id);
  const prediction = {
    description: "The outputs, in the form that the header Accept asks for.",
    content: {
      ...json("Envelope"),
      ...files(...availableTypes(config).slice(1), "application/zip"),
    },
  };
  const prefer = {
    name: "Prefer",
    in: "header",
    description: "respond-async: give a job at once instead of the prediction later.",
    schema: { type: "string", examples: ["respond-async"] },
  };
  return {
    "/api/predict": {
      post: operation("predict", `Predict with ${title}`, {
        parameters: [prefer],
        requestBody: requestBody(inputs),
        responses: {
          200: prediction,
          202: reply("JobStatus"),
          ...problems(...predictionProblems, 406),
        },
      }),
      get: operation("predictUrl", "Predict a file by its address, where the server may fetch it", {
        parameters: [inQuery("fileurl", "Address of a file, https.", { format: "uri" })],
        responses: { 200: prediction, ...problems(...predictionProblems, 403, 405, 406, 502) },
      }),
    },
    "/api/predict_sample": {
      get: operation("predictSample", "Predict one of the model's samples", {
        parameters: [
          inQuery("filename", "Id of a sample, or the name of one of its files.", {
            examples: names,
          }),
        ],
        responses: { 200: prediction, ...problems(404, 406, 422, 429, 500, 503, 504) },
      }),
    },
    "/api/output/{request}/{file}": {
      get: operation("getOutput", "A file of a result, while it is kept", {
        parameters: [
          inPath("request", "Id of the request.", { format: "uuid" }),
          inPath("file", "Name of the file.", { pattern: "^[\\w.-]+$" }),
        ],
        responses: { 200: file("application/x-hdf5", "image/png", "*/*"), ...problems(404) },
      }),
    },
    "/api/get_samples": {
      get: get("getSamples", "Addresses of the samples' files", "SampleAddresses"),
    },
    "/api/samples": { get: get("listSamples", "List the model's samples", "SampleList") },
    "/api/samples/{file}": {
      get: operation("getSampleFile", "A file of a sample", {
        parameters: [
          inPath("file", "Name as /api/samples gives it.", {
            examples: new Samples(config, folder).names,
          }),
        ],
        responses: { 200: file("*/*"), ...problems(404) },
      }),
    },
    "/api/thumbnail/{file}": {
      get: operation("getThumbnail", "A small picture of the model", {
        parameters: [inPath("file", "Name of the file.", { examples: ["thumbnail.jpg"] })],
        responses: { 200: file("image/jpeg", "image/png", "image/webp"), ...problems(404) },
      }),
    },
    "/api/get_config": { get: get("getConfig", "The model's config, modelhub.json", "Config") },
    "/api/get_model_io": { get: get("getModelIo", "What the model takes and gives", "ModelIo") },
    "/api/get_legal": { get: get("getLegal", "Licences and their texts", "Legal") },
    "/api/get_model_files": {
      get: operation("getModelFiles", "The model's folder and weights, as a zip", {
        responses: {
          200: file("application/zip"),
          304: { description: "The files are those of the ETag that was sent." },
        },
      }),
    },
  };
}

function file(...mediaTypes: string[]): object {
  return { description: "The file.", content: files(...mediaTypes) };
}
