import type { Hono } from "hono";
import type { AppOptions } from "../app.ts";
import { jsonText } from "../reply.ts";

/** The description of this API, with this model's own inputs and outputs. */
export function openapiRoutes(app: Hono, { model }: AppOptions): void {
  let text: string | undefined;
  app.get("/openapi.json", async () => {
    // Loaded when first asked for: zod and the schemas cost memory that predictions don't need.
    const { describeApi } = await import("../openapi.ts");
    text ??= JSON.stringify(describeApi(model), null, 2);
    return jsonText(text);
  });
}
