import type { Context, Hono } from "hono";
import type { Config, Input, Output } from "#schema/config.ts";
import type { AppOptions } from "../app.ts";
import { inferenceReply, unversioned } from "../inference-reply.ts";
import { readInference } from "../inference-request.ts";
import { bodyOf, inFolder, infer, requestId } from "../predict.ts";
import { Problem } from "../problem.ts";
import { json } from "../reply.ts";
import { datatypeOf } from "../tensors.ts";

/** The Open Inference Protocol, V2: what Triton's, MLServer's and KServe's clients speak. */
export function inferenceProtocolRoutes(app: Hono, options: AppOptions): void {
  const { model, worker, limits } = options;
  const { config, identity, engineVersion } = model;
  const name = identity.id;
  const version = identity.version ?? unversioned;

  app.get("/v2", () =>
    json({
      name: "modelhub",
      version: engineVersion,
      extensions: ["binary_tensor_data", "classification"],
    }),
  );
  app.get("/v2/health/live", () => json({ live: true }));
  app.get("/v2/health/ready", () => {
    if (worker.status.state !== "ready") throw worker.refusal;
    return json({ live: true, ready: true });
  });
  for (const path of ["/v2/models/:model", "/v2/models/:model/versions/:version"]) {
    app.get(path, (c) => {
      requireModel(c);
      return json(metadata(config, name, version));
    });
    app.get(`${path}/ready`, (c) => {
      requireModel(c);
      if (worker.status.state !== "ready") throw worker.refusal;
      return json({ name, ready: true });
    });
    app.post(`${path}/infer`, (c) => {
      requireModel(c);
      const refusal = worker.refusal;
      if (refusal) throw refusal;
      return inFolder(c, options, async (folder) => {
        const request = await readInference(bodyOf(c), config, folder, limits);
        const { result, timing } = await infer(c, request.inputs, "tensor", folder, options);
        const headers = { "x-request-id": requestId(c), "server-timing": timing };
        return inferenceReply(request, result, options, headers);
      });
    });
  }

  function requireModel(c: Context): void {
    const { model: askedName, version: askedVersion = version } = c.req.param() as {
      model: string;
      version?: string;
    };
    if (askedName === name && askedVersion === version) return;
    throw new Problem(
      "not_found",
      `This server has the model ${name} in version ${version} only. Ask for /v2/models/${name}.`,
    );
  }
}

function metadata({ inputs, outputs, model }: Config, name: string, version: string) {
  return {
    name,
    versions: [version],
    platform: model?.framework ?? "python",
    inputs: inputs.map(inputTensor),
    outputs: outputs.map(outputTensor),
  };
}

/** An array as its own type; all that comes in files as one of BYTES. */
function inputTensor({ id, kind, dtype, axes }: Input) {
  return kind === "array"
    ? { name: id, datatype: datatypeOf(dtype), shape: axes.map(sizeOf) }
    : { name: id, datatype: "BYTES", shape: [1] };
}

function outputTensor(output: Output) {
  const { id, type, dtype, axes } = output;
  if (isArray(output)) {
    const datatype = datatypeOf(dtype ?? (type === "vector" ? "float32" : "uint8"));
    return { name: id, datatype, shape: axes?.map(sizeOf) ?? [-1] };
  }
  const isOne = type === "text" || type === "custom" || type === "table";
  return { name: id, datatype: "BYTES", shape: [isOne ? 1 : -1] };
}

function isArray({ type }: Output): boolean {
  return type === "vector" || type === "mask" || type === "heatmap" || type === "image";
}

function sizeOf({ size }: { size?: number | object | undefined }): number {
  return typeof size === "number" ? size : -1;
}
