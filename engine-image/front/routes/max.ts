import { randomUUID } from "node:crypto";
import type { Context, Hono } from "hono";
import type { Input } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import type { AppOptions } from "../app.ts";
import type { RequestFolder } from "../intake.ts";
import { readJson } from "../json-body.ts";
import { modelLabels } from "../labels.ts";
import { essence } from "../media-types.ts";
import { bodyOf, inFolder, infer, requestId } from "../predict.ts";
import { envelope } from "../prediction-reply.ts";
import { Problem } from "../problem.ts";
import { json } from "../reply.ts";
import { readInputs } from "../upload.ts";
import type { InferInputs } from "../worker.ts";

// Each is a prediction of its own, one after the other.
const maxTexts = 16;

/** The routes of IBM's Model Asset Exchange, for its clients. */
export function maxRoutes(app: Hono, options: AppOptions): void {
  const { config, identity, folder } = options.model;

  app.get("/model/metadata", () =>
    json({
      id: identity.id,
      name: config.title,
      description: config.summary,
      type: config.task,
      source: identity.repository ?? config.provenance?.origin ?? "",
      license: config.licenses?.code ?? "",
    }),
  );
  app.get("/model/labels", () => {
    const labels = modelLabels(config, folder);
    if (!labels) throw noLabels();
    const entries = labels.map((name, index) => ({ id: String(index), name }));
    return json({ count: entries.length, labels: entries });
  });
  app.post("/model/predict", (c) => {
    const refusal = options.worker.refusal;
    if (refusal) throw refusal;
    return inFolder(c, options, async (requestFolder) => {
      const texts = await readTexts(c, requestFolder, options);
      const predictions =
        texts === undefined
          ? await predictFile(c, requestFolder, options)
          : await predictTexts(c, texts, requestFolder, options);
      return json({ status: "ok", predictions }, { "x-request-id": requestId(c) });
    });
  });
}

/** The texts of `{"text": ["…"]}`, which models of one text take; nothing for all other bodies. */
async function readTexts(c: Context, folder: RequestFolder, { model, limits }: AppOptions) {
  const [input, ...others] = model.config.inputs;
  const isJson = essence(c.req.header("content-type")) === "application/json";
  if (!isJson || input?.kind !== "text" || others.length > 0) return undefined;
  const body = (await readJson(bodyOf(c), folder, limits)) as { text?: unknown } | null;
  const texts = [body?.text].flat();
  if (
    texts.length > 0 &&
    texts.length <= maxTexts &&
    texts.every((text) => typeof text === "string")
  )
    return texts as string[];
  throw new Problem(
    "wrong_inputs",
    `The JSON must be {"text": ["…"]}, with 1 to ${maxTexts} strings.`,
  );
}

/** One entry for each label or box; of all other outputs one entry. */
async function predictFile(c: Context, folder: RequestFolder, options: AppOptions) {
  const inputs = await readInputs(bodyOf(c), options.model.config.inputs, folder, options.limits);
  const outputs = await predictOnce(c, inputs, folder, options);
  const labels = modelLabels(options.model.config, options.model.folder) ?? [];
  return outputs.flatMap((output) => entries(output, labels));
}

/** One entry for each text. */
async function predictTexts(
  c: Context,
  texts: string[],
  folder: RequestFolder,
  options: AppOptions,
): Promise<object[]> {
  const [input] = options.model.config.inputs as [Input];
  const mediaType = input.mediaTypes[0] ?? null;
  const predictions: object[] = [];
  for (const text of texts) {
    const inputs = { [input.id]: { mediaType, body: Buffer.from(text) } };
    const outputs = await predictOnce(c, inputs, folder, options, randomUUID());
    predictions.push(Object.fromEntries(outputs.flatMap(pairs)));
  }
  return predictions;
}

async function predictOnce(
  c: Context,
  inputs: InferInputs,
  folder: RequestFolder,
  options: AppOptions,
  id = requestId(c),
): Promise<Prediction[]> {
  const { result } = await infer(c, inputs, "json", folder, options, id);
  const { output } = (await envelope(id, result, options)) as { output: Prediction[] };
  return output;
}

function entries(output: Prediction, labels: string[]): object[] {
  const idOf = (label: string) => {
    const index = labels.indexOf(label);
    return index === -1 ? label : String(index);
  };
  switch (output.type) {
    case "label_list":
      return output.prediction.map(({ label, probability }) => ({
        label_id: idOf(label),
        label,
        probability,
      }));
    case "bounding_boxes":
      return output.prediction.map(({ label, score, box }) => ({
        label_id: idOf(label),
        label,
        probability: score,
        // In pixels: MAX's detection_box is in shares of the size, another order and another name.
        box,
      }));
    default:
      return [{ [output.name]: output.prediction }];
  }
}

function pairs(output: Prediction): [string, unknown][] {
  return output.type === "label_list"
    ? output.prediction.map(({ label, probability }) => [label, probability])
    : [[output.name, output.prediction]];
}

function noLabels(): Problem {
  return new Problem(
    "not_found",
    "The names of this model's classes aren't in its config. A prediction names those that it finds.",
  );
}
