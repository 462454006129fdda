import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNpy } from "../viewers/npy.ts";
import { body, post } from "./tests/fake-app.ts";
import { models, npy, pythonLack, startServer, type TestServer } from "./tests/server.ts";

/** What clients of several protocols get of the real worker. */

describe.skipIf(pythonLack)("a model of arrays", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "doubled"));
  });
  afterAll(() => server.stop());

  const tensor = { name: "numbers", shape: [2, 3], datatype: "FP32" };
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
  ];

  it("gives the same for every form of the same numbers", async () => {
    const expected = [2, 4, 6, 8, 10, 12];
    const json = await body(
      server.fetch(
        "/api/predict",
        post(JSON.stringify(rows), { "content-type": "application/json" }),
      ),
    );
    expect(json.output[0].prediction.flat()).toEqual(expected);
    const infer = (request: object) =>
      server.fetch("/v2/models/doubled/infer", post(JSON.stringify(request)));
    const tensors = await body(infer({ inputs: [{ ...tensor, data: rows }] }));
    expect(tensors.outputs).toEqual([
      { name: "doubled", datatype: "FP32", shape: [2, 3], data: expected },
    ]);
    const head = Buffer.from(
      JSON.stringify({
        inputs: [{ ...tensor, parameters: { binary_data_size: 24 } }],
        parameters: { binary_data_output: true },
      }),
    );
    const elements = Buffer.from(new Float32Array(rows.flat()).buffer);
    const reply = await server.fetch(
      "/v2/models/doubled/infer",
      post(Buffer.concat([head, elements]), {
        "inference-header-content-length": String(head.length),
      }),
    );
    const bytes = await reply.arrayBuffer();
    expect([...new Float32Array(bytes.slice(-24))]).toEqual(expected);
  });

  it("gives its output as .npy, with what made it in the headers", async () => {
    const reply = await server.fetch("/api/predict_sample?filename=small", {
      headers: { accept: "application/x-npy" },
    });
    expect(reply.headers.get("content-type")).toBe("application/x-npy");
    expect(reply.headers.get("x-modelhub-model")).toBe("doubled");
    const array = readNpy(new Uint8Array(await reply.arrayBuffer()));
    const { output } = await body(server.fetch("/api/predict_sample?filename=small"));
    expect(Array.from(array?.data ?? [])).toEqual(output[0].prediction.flat().map(Math.fround));
  });

  it("refuses what the worker refuses in the protocol's words", async () => {
    const request = { inputs: [{ ...tensor, data: [1, 2, 3, 4, 5, 600] }] };
    const reply = await server.fetch("/v2/models/doubled/infer", post(JSON.stringify(request)));
    expect(reply.status).toBe(422);
    expect((await body(reply)).error).toContain("600");
  });
});

describe.skipIf(pythonLack)("a model of images", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "colours"));
  });
  afterAll(() => server.stop());

  const brick = readFileSync(join(models, "colours/samples/brick.png"));
  const infer = (request: object) =>
    server.fetch("/v2/models/colours/infer", post(JSON.stringify(request)));

  it("takes a file in base64 and gives the classes", async () => {
    const image = {
      name: "image",
      shape: [1],
      datatype: "BYTES",
      data: [brick.toString("base64")],
    };
    const outputs = [{ name: "colours", parameters: { classification: 1 } }];
    const reply = await body(infer({ inputs: [image], outputs }));
    expect(reply.outputs[0].data[0]).toMatch(/^0\.\d+:0:red$/);
  });

  it("takes a decoded image", async () => {
    const image = { name: "image", shape: [1, 1, 3], datatype: "UINT8", data: [[[0, 200, 0]]] };
    const reply = await body(infer({ inputs: [image] }));
    expect(JSON.parse(reply.outputs[0].data[0])).toEqual({ label: "green", probability: 1 });
  });

  it("speaks as the Model Asset Exchange did", async () => {
    const form = new FormData();
    form.append("image", new Blob([brick]), "a-name");
    const { status, predictions } = await body(server.fetch("/model/predict", post(form)));
    expect(status).toBe("ok");
    expect(predictions[0]).toMatchObject({ label: "red" });
  });

  it("gives labels as a table, and refuses a picture of them", async () => {
    const ask = (accept: string) =>
      server.fetch("/api/predict_sample?filename=brick", { headers: { accept } });
    expect(await (await ask("text/csv")).text()).toMatch(/^label,probability\r\nred,0\.\d+\r\n/);
    expect((await ask("image/png")).status).toBe(406);
  });
});

describe.skipIf(pythonLack)("a model of an image and numbers", () => {
  it("takes a tensor of each and gives arrays and labels together", async () => {
    const server = await startServer(join(models, "both"));
    const grey = readFileSync(join(models, "both/samples/grey.png")).toString("base64");
    const inputs = [
      { name: "image", shape: [1], datatype: "BYTES", data: [grey] },
      { name: "numbers", shape: [2, 3], datatype: "FP32", data: [0, 0, 0, 0, 0, 0] },
    ];
    const request = post(JSON.stringify({ inputs }));
    const { outputs } = await body(server.fetch("/v2/models/both/infer", request));
    expect(outputs).toEqual([
      { name: "hooks", datatype: "INT64", shape: [3], data: [1, 1, 1] },
      { name: "colours", datatype: "BYTES", shape: [2], data: expect.any(Array) },
    ]);
    await server.stop();
  });
});

describe.skipIf(pythonLack)("a model with a large output", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "slow"));
  });
  afterAll(() => server.stop());

  const values = new Array<number>(100_000).fill(3).fill(0, 0, 1);

  it("gives the address of a file, from which it can be fetched", async () => {
    const headers = { "content-type": "application/x-npy" };
    const { output, request_id } = await body(
      server.fetch("/api/predict", post(npy(values), headers)),
    );
    const { prediction, mediaType, shape, dtype } = output[0];
    expect(prediction).toMatch(new RegExp(`^/api/output/${request_id}/numbers\\.(h5|npy)$`));
    expect({ shape, dtype }).toEqual({ shape: [100_000], dtype: "float64" });
    const file = await server.fetch(prediction);
    expect(file.headers.get("content-type")).toBe(mediaType);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(800_000);
  });

  it("gives all of it as a tensor where that is asked for", async () => {
    const tensor = { name: "numbers", shape: [100_000], datatype: "FP64", data: values };
    const request = { inputs: [tensor], parameters: { binary_data_output: true } };
    const reply = await server.fetch("/v2/models/slow/infer", post(JSON.stringify(request)));
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect(bytes.readDoubleLE(bytes.length - 8)).toBe(3);
    expect(bytes.length).toBe(
      800_000 + Number(reply.headers.get("inference-header-content-length")),
    );
  });
});
