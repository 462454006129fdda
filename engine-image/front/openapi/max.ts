import type { ModelInfo } from "../config.ts";
import { requestBody } from "./bodies.ts";
import { get, operation, predictionProblems, problems, reply } from "./operations.ts";

/** The routes of the Model Asset Exchange. */
export function maxPaths({ config }: ModelInfo): Record<string, object> {
  return {
    "/model/metadata": { get: get("getMaxMetadata", "What the model is", "MaxMetadata") },
    "/model/labels": {
      get: operation("getMaxLabels", "Names of the model's classes", {
        responses: { 200: reply("MaxLabels"), ...problems(404) },
      }),
    },
    "/model/predict": {
      post: operation("predictMax", "Predict, with the reply of the Model Asset Exchange", {
        requestBody: requestBody(config.inputs, isText(config.inputs) ? texts : undefined),
        responses: { 200: reply("MaxPredictions"), ...problems(...predictionProblems) },
      }),
    },
  };
}

const texts = {
  type: "object",
  required: ["text"],
  properties: {
    text: {
      anyOf: [
        { type: "string" },
        { type: "array", items: { type: "string" }, minItems: 1, maxItems: 16 },
      ],
    },
  },
};

function isText([input, ...others]: ModelInfo["config"]["inputs"]): boolean {
  return input?.kind === "text" && others.length === 0;
}
