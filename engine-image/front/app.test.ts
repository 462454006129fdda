import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AppOptions, createApp } from "./app.ts";
import { readModel, readPaths } from "./config.ts";
import { readLimits } from "./limits.ts";
import { Metrics } from "./metrics.ts";
import { OutputStore } from "./output-store.ts";
import { Problem } from "./problem.ts";
import { models } from "./tests/server.ts";
import type { Worker } from "./worker.ts";

const model = readModel({
  ...readPaths({}),
  model: join(models, "colours"),
  identity: "/nonexistent",
});

const noResult = {
  outputs: [],
  files: [],
  body: Buffer.alloc(0),
  microseconds: { total: 0 } as never,
};

/** A worker that is always ready and says what it is told to; faults that no real one shows. */
function fakeWorker(infer: Worker["infer"]): Worker {
  return {
    status: { state: "ready", python: "3.11.7", loadSeconds: 0.5 },
    refusal: undefined,
    infer,
    position: () => undefined,
  };
}

function app(options: Partial<AppOptions> = {}) {
  return createApp({
    model,
    worker: fakeWorker(async () => noResult),
    limits: readLimits({}, undefined),
    folder: "/nonexistent",
    outputs: new OutputStore("/nonexistent"),
    metrics: new Metrics(model),
    corsOrigins: [],
    log: () => {},
    ...options,
  });
}

async function problem(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return (await response.json()) as Record<string, unknown>;
}

describe("the app", () => {
  it("answers unknown paths with a problem that says where to look", async () => {
    const response = await app().request("/nothing");
    expect(response.status).toBe(404);
    const { instance, ...rest } = await problem(response);
    expect(instance).toBe(`urn:uuid:${response.headers.get("x-request-id")}`);
    expect(rest).toMatchInlineSnapshot(`
      {
        "code": "not_found",
        "detail": "There is nothing at /nothing. See /openapi.json for what there is.",
        "error": "There is nothing at /nothing. See /openapi.json for what there is.",
        "status": 404,
        "title": "Not found",
        "type": "urn:modelhub:problem:not_found",
      }
    `);
  });

  it.each([
    ["DELETE", "/api/predict", "GET, HEAD, OPTIONS, POST"],
    ["GET", "/api/predict", "OPTIONS, POST"],
    ["POST", "/api/get_config", "GET, HEAD, OPTIONS"],
    ["PUT", "/api/samples/brick.png", "GET, HEAD, OPTIONS"],
    ["POST", "/", "GET, HEAD, OPTIONS"],
  ])("refuses %s %s and says what is allowed", async (method, path, allow) => {
    const response = await app().request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect((await problem(response))["detail"]).toContain(path);
  });

  it("answers HEAD as GET without a body, and OPTIONS with what is allowed", async () => {
    const head = await app().request("/api/get_config", { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    const options = await app().request("/api/get_config", { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  it("doesn't fetch addresses", async () => {
    const response = await app().request("/api/predict?fileurl=http://127.0.0.1/");
    expect(response.status).toBe(403);
    expect(await problem(response)).toMatchObject({
      code: "url_input_off",
      title: "URL input is off",
    });
  });

  it("gives the config byte for byte, and what it says of inputs and licences", async () => {
    expect(await (await app().request("/api/get_config")).text()).toBe(model.configText);
    expect(await (await app().request("/api/get_model_io")).json()).toMatchObject({
      inputs: model.config.inputs,
      outputs: model.config.outputs,
    });
    expect(await (await app().request("/api/get_legal")).json()).toMatchObject({ texts: [] });
  });

  it("hides the reason of a surprise and logs it under the request's id", async () => {
    const lines: string[] = [];
    const worker = fakeWorker(async () => {
      throw new Error("a secret");
    });
    const response = await app({ worker, log: (line) => lines.push(line) }).request(
      "/api/predict_sample?filename=brick",
    );
    expect(response.status).toBe(500);
    expect(JSON.stringify(await problem(response))).not.toContain("secret");
    expect(lines[0]).toContain(response.headers.get("x-request-id"));
    expect(lines[0]).toContain("a secret");
  });

  it("refuses an upload unread while nothing would come of it", async () => {
    const refusal = new Problem("loading", "The model is loading.", {
      headers: { "retry-after": "2" },
    });
    const worker = { ...fakeWorker(() => Promise.reject(refusal)), refusal };
    const response = await app({ worker }).request("/api/predict", { method: "POST", body: "x" });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
  });

  it("sends CORS headers to the origins that are set, and else to none", async () => {
    const headers = { origin: "https://site.example" };
    const none = await app().request("/api/get_config", { headers });
    expect(none.headers.has("access-control-allow-origin")).toBe(false);
    const set = app({ corsOrigins: ["https://site.example"] });
    const one = await set.request("/api/get_config", { headers });
    expect(one.headers.get("access-control-allow-origin")).toBe("https://site.example");
    const other = await set.request("/api/get_config", {
      headers: { origin: "https://other.example" },
    });
    expect(other.headers.has("access-control-allow-origin")).toBe(false);
    const preflight = await set.request("/api/predict", {
      method: "OPTIONS",
      headers: { ...headers, "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
  });
});

describe("the page", () => {
  it("loads nothing from elsewhere and allows no script but its own", async () => {
    const response = await app().request("/");
    expect(response.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; /,
    );
    const html = await response.text();
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(html).not.toMatch(/ style="| on[a-z]+="/);
  });
});

describe("/openapi.json", () => {
  it("describes this model's inputs and every route of the app", async () => {
    const text = await (await app().request("/openapi.json")).text();
    const document = JSON.parse(text);
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths["/api/predict"].post.requestBody.content)).toEqual([
      "multipart/form-data",
      "image/png",
      "image/jpeg",
      "application/octet-stream",
    ]);
    const routes = app()
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ path }) => path.replace(/:(\w+)({.+})?/g, "{$1}"));
    const undocumented = [
      "/",
      "/openapi.json",
      "/docs",
      "/docs/swagger-ui-bundle.js",
      "/docs/swagger-ui.css",
    ];
    expect(new Set(Object.keys(document.paths))).toEqual(
      new Set(routes.filter((path) => !undocumented.includes(path))),
    );
  });

  it("refers to nothing that it doesn't hold", async () => {
    const text = await (await app().request("/openapi.json")).text();
    const document = JSON.parse(text);
    for (const [, pointer = ""] of text.matchAll(/"\$ref": "#\/(components[^"]+)"/g)) {
      const target = pointer.split("/").reduce((node, key) => node?.[key], document);
      expect(target, pointer).toBeDefined();
    }
  });
});
