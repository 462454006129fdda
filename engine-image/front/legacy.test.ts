import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonLack, startServer, type TestServer } from "./tests/server.ts";

const folder = mkdtempSync(join(tmpdir(), "front-legacy-"));

const config = {
  id: "d50796da-87f2-4493-846e-6eeb498acc63",
  meta: { name: "SizeNet", task: "Classification" },
  model: {
    format: ".onnx",
    io: {
      input: { format: ["text/csv"] },
      output: [{ name: "probabilities", type: "label_list", description: "Long or short." }],
    },
  },
};

const inference = `
import json
from modelhublib.model import ModelBase

class Model(ModelBase):
    def __init__(self):
        json.load(open("model/config.json"))

    def infer(self, input):
        size = len(open(input).read())
        return [{"label": "long", "probability": float(size > 9)}, {"label": "short", "probability": 0.5}]
`;

function write(path: string, text: string) {
  const file = join(folder, "contrib_src", path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

describe.skipIf(pythonLack)("a repository of the first ModelHub.AI", () => {
  let server: TestServer;
  beforeAll(async () => {
    write("model/config.json", JSON.stringify(config));
    write("inference.py", inference);
    write("sample_data/long.csv", "a,b,c\n1,2,3\n");
    server = await startServer(folder);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  async function get(path: string) {
    return (await server.fetch(path)).json() as Promise<Record<string, unknown>>;
  }

  it("has its own config at the old route, byte for byte", async () => {
    expect(await get("/api/get_config")).toEqual(config);
  });

  it("predicts an upload", async () => {
    const body = new FormData();
    body.set("file", new Blob(["a\n1\n"], { type: "text/csv" }), "short.csv");
    const response = await server.fetch("/api/predict", { method: "POST", body });
    const reply = (await response.json()) as { output: unknown[]; model: object };
    expect(response.status).toBe(200);
    expect(reply.output).toMatchObject([
      {
        name: "probabilities",
        type: "label_list",
        prediction: [{ label: "long" }, { label: "short" }],
      },
    ]);
    expect(reply.model).toMatchObject({ id: config.id, name: "SizeNet" });
  });

  it("predicts a sample by the name of its file, and hands that out", async () => {
    const reply = await get("/api/predict_sample?filename=long.csv");
    expect(reply).toMatchObject({ output: [{ prediction: [{ label: "long" }, {}] }] });
    const sample = await server.fetch("/api/samples/long.csv");
    expect(await sample.text()).toBe("a,b,c\n1,2,3\n");
  });
});
