import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Config, Input, Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { type Datatype, dtypeOf, packElements } from "../tensors.ts";
import { body, fakeApp, post, sent, testModel } from "../tests/fake-app.ts";
import type { InferResult, OutputFile } from "../worker.ts";

const index = (size: number) => ({ name: "index", type: "index" as const, size });
const array: Input = {
  id: "x",
  kind: "array",
  mediaTypes: ["application/x-npy"],
  axes: [index(2), index(2)],
  dtype: "float32",
};
const image = testModel("colours").config.inputs[0] as Input;
const text: Input = { ...array, id: "text", kind: "text", mediaTypes: ["text/plain"] };
const vector: Output = { id: "y", type: "vector" };

const tensor = {
  name: "x",
  shape: [2, 2],
  datatype: "FP32",
  data: [
    [1, 2],
    [3, 4.5],
  ],
};

function model(inputs: Input[], outputs: Output[], changes: Partial<Config> = {}) {
  return testModel("colours", { inputs, outputs, ...changes });
}

function infer(app: ReturnType<typeof fakeApp>["app"], request: unknown) {
  return app.request("/v2/models/colours/infer", post(JSON.stringify(request)));
}

/** A request whose tensors come in binary after the JSON. */
function binaryRequest(request: unknown, ...tensors: Buffer[]): RequestInit {
  const json = Buffer.from(JSON.stringify(request));
  return post(Buffer.concat([json, ...tensors]), {
    "inference-header-content-length": String(json.length),
  });
}

type Values = Buffer | unknown[];

/** What the worker gives for arrays when it is asked for tensors. */
function arrays(given: Record<string, [Datatype, number[], Values]>) {
  const outputs: Prediction[] = [];
  const files: OutputFile[] = [];
  let all = Buffer.alloc(0);
  for (const [name, [datatype, shape, values]] of Object.entries(given)) {
    const bytes = Buffer.isBuffer(values)
      ? values
      : (packElements(values, datatype as "FP32", shape) as Buffer);
    const place = { offset: all.length, bytes: bytes.length };
    outputs.push({ name, type: "vector", dtype: dtypeOf(datatype), shape } as Prediction);
    files.push({ name, mediaType: "application/octet-stream", file: `${name}.bin`, ...place });
    all = Buffer.concat([all, bytes]);
  }
  return { outputs, files, body: all };
}

describe("server and model", () => {
  const { app } = fakeApp(
    model([array, image, text], [vector, { id: "labels", type: "label_list" }]),
  );

  it("say that they are live and ready", async () => {
    expect(await body(app.request("/v2/health/live"))).toEqual({ live: true });
    expect(await body(app.request("/v2/health/ready"))).toEqual({ live: true, ready: true });
    expect(await body(app.request("/v2/models/colours/ready"))).toEqual({
      name: "colours",
      ready: true,
    });
  });

  it("describe themselves", async () => {
    expect(await body(app.request("/v2"))).toEqual({
      name: "modelhub",
      version: "0.1.0",
      extensions: ["binary_tensor_data", "classification"],
    });
    expect(await body(app.request("/v2/models/colours/versions/0.0.0"))).toMatchObject({
      name: "colours",
      versions: ["0.0.0"],
      inputs: [
        { name: "x", datatype: "FP32", shape: [2, 2] },
        { name: "image", datatype: "BYTES", shape: [1] },
        { name: "text", datatype: "BYTES", shape: [1] },
      ],
      outputs: [
        { name: "y", datatype: "FP32", shape: [-1] },
        { name: "labels", datatype: "BYTES", shape: [-1] },
      ],
    });
  });

  it.each(["/v2/models/other", "/v2/models/colours/versions/2", "/v2/models/other/ready"])(
    "aren't at %s",
    async (path) => {
      const reply = await app.request(path);
      expect(reply.status).toBe(404);
      expect((await body(reply)).error).toContain("Ask for /v2/models/colours.");
    },
  );
});

describe("a tensor of a request", () => {
  const { app, asked } = fakeApp(model([array], [vector]), () =>
    arrays({ y: ["FP32", [2], [0.5, 1]] }),
  );

  it.each([[tensor.data], [[1, 2, 3, 4.5]]])("in JSON as %j becomes an array", async (data) => {
    asked.length = 0;
    const reply = await infer(app, { id: "42", inputs: [{ ...tensor, data }] });
    const { id, outputs } = await body(reply);
    expect(id).toBe("42");
    expect(outputs).toEqual([{ name: "y", datatype: "FP32", shape: [2], data: [0.5, 1] }]);
    expect(asked[0]?.inputs["x"]?.tensor).toEqual({ dtype: "float32", shape: [2, 2] });
    expect(sent(asked, "x").readFloatLE(12)).toBe(4.5);
  });

  it("in binary becomes the same array", async () => {
    asked.length = 0;
    await infer(app, { inputs: [tensor] });
    const { data: _, ...rest } = tensor;
    const parameters = { binary_data_size: 16 };
    const request = { inputs: [{ ...rest, data: null, parameters }] };
    const elements = Buffer.from(new Float32Array([1, 2, 3, 4.5]).buffer);
    const reply = await app.request(
      "/v2/models/colours/versions/0.0.0/infer",
      binaryRequest(request, elements),
    );
    expect(reply.status).toBe(200);
    expect(sent(asked.slice(1), "x").equals(sent(asked, "x"))).toBe(true);
  });

  it.each([
    [422, { ...tensor, shape: [4] }, "has 1 axes, and the model takes 2 (index, index)"],
    [422, { ...tensor, shape: [2, 3] }, "has 3 along index, and the model takes 2"],
    [400, { ...tensor, datatype: "FP64" }, "takes FP32 or BYTES, but the request says FP64"],
    [422, { ...tensor, data: [1, 2, 3] }, "its data holds 3 elements, and its shape says 4"],
    [
      422,
      { ...tensor, data: [1, 2, 3, 4, 5] },
      "its data holds more elements, and its shape says 4",
    ],
    [422, { ...tensor, data: [1, 2, 3, "4"] }, "its data holds a value that is no FP32"],
    [400, { ...tensor, data: undefined }, "needs data, a list"],
    [400, { ...tensor, name: "z" }, '"z" is no input of this model; it has x.'],
    [400, { ...tensor, shape: [-1] }, "a shape of whole numbers from 0 on"],
    [
      400,
      { ...tensor, parameters: { binary_data_size: 16 } },
      "has both data and binary_data_size",
    ],
    [
      400,
      { ...tensor, data: undefined, parameters: { binary_data_size: 16 } },
      "The body ends before the 16 bytes",
    ],
  ])("is refused with %i as %j", async (status, wrong, sentence) => {
    const reply = await infer(app, { inputs: [wrong] });
    expect(reply.status).toBe(status);
    expect((await body(reply)).error).toContain(sentence);
  });

  it("is refused in binary where sizes don't add up", async () => {
    const { data: _, ...rest } = tensor;
    const request = { inputs: [{ ...rest, parameters: { binary_data_size: 12 } }] };
    const short = await app.request(
      "/v2/models/colours/infer",
      binaryRequest(request, Buffer.alloc(12)),
    );
    expect((await body(short)).error).toContain("has 12 bytes, but its shape and datatype make 16");
    const long = await app.request(
      "/v2/models/colours/infer",
      binaryRequest({ inputs: [tensor] }, Buffer.alloc(3)),
    );
    expect((await body(long)).error).toContain("add up to 0 bytes, but 3 came");
    const header = { "inference-header-content-length": "9999" };
    const none = await app.request("/v2/models/colours/infer", post("{}", header));
    expect((await body(none)).error).toContain("the body of 2 bytes begins with; it is 9999");
  });

  it.each(["[]", "5", "{}", '{"inputs": []}', '{"inputs": {}}'])(
    "must be there, unlike in %s",
    async (request) => {
      const reply = await app.request("/v2/models/colours/infer", post(request));
      expect(reply.status).toBe(400);
    },
  );

  it("goes through files where the body is large, cut where the tensor begins", async () => {
    const long = { ...array, axes: [index(600_000)] };
    const files: Buffer[] = [];
    const { app: large } = fakeApp(model([long, text], []), ({ inputs }) => {
      for (const input of Object.values(inputs))
        if ("path" in input) files.push(readFileSync(input.path));
      return {};
    });
    const elements = Buffer.from(new Float32Array(600_000).fill(7).buffer);
    const words = Buffer.from("\x05\0\0\0hello");
    const request = {
      inputs: [
        {
          name: "x",
          shape: [600_000],
          datatype: "FP32",
          parameters: { binary_data_size: elements.length },
        },
        {
          name: "text",
          shape: [1],
          datatype: "BYTES",
          parameters: { binary_data_size: words.length },
        },
      ],
    };
    const reply = await large.request(
      "/v2/models/colours/infer",
      binaryRequest(request, elements, words),
    );
    expect(reply.status).toBe(200);
    expect(files[0]?.equals(elements)).toBe(true);
    expect(files[1]?.toString()).toBe("hello");
  });
});

describe("a file as BYTES", () => {
  const { app, asked } = fakeApp(model([image], []));
  const bytes = { name: "image", shape: [1], datatype: "BYTES" };
  const file = readFileSync(
    new URL("../../python/tests/models/colours/samples/brick.png", import.meta.url),
  );

  it("comes in base64, or in binary after its length", async () => {
    await infer(app, { inputs: [{ ...bytes, data: [file.toString("base64")] }] });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(file.length);
    const parameters = { binary_data_size: file.length + 4 };
    await app.request(
      "/v2/models/colours/infer",
      binaryRequest({ inputs: [{ ...bytes, parameters }] }, length, file),
    );
    for (const one of asked) expect(sent([one], "image").equals(file)).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it("may say its media type", async () => {
    asked.length = 0;
    const parameters = { content_type: "image/jpeg" };
    await infer(app, { inputs: [{ ...bytes, parameters, data: ["AAAA"] }] });
    expect(asked[0]?.inputs["image"]?.mediaType).toBe("image/jpeg");
    const wrong = {
      inputs: [{ ...bytes, parameters: { content_type: "text/csv" }, data: ["AAAA"] }],
    };
    expect((await infer(app, wrong)).status).toBe(415);
  });

  it("is one: a batch is refused with what to do", async () => {
    const reply = await infer(app, { inputs: [{ ...bytes, shape: [2], data: ["AAAA", "AAAA"] }] });
    expect(reply.status).toBe(400);
    expect((await body(reply)).error).toBe(
      'Input "image" takes one file, so its BYTES have the shape [1]; this is [2]. Send a request for each file.',
    );
  });

  it("is refused where it is no base64, or its length is another", async () => {
    const text = await infer(app, { inputs: [{ ...bytes, data: ["no base64!"] }] });
    expect((await body(text)).error).toContain("must be the file in base64");
    const parameters = { binary_data_size: 8 };
    const cut = await app.request(
      "/v2/models/colours/infer",
      binaryRequest({ inputs: [{ ...bytes, parameters }] }, Buffer.from("\x09\0\0\0abcd")),
    );
    expect((await body(cut)).error).toContain("the length of the file, 4 bytes of it");
  });

  it("is a string where the model takes a text", async () => {
    const texts = fakeApp(model([text], []));
    await infer(texts.app, { inputs: [{ ...bytes, name: "text", data: ["hello"] }] });
    expect(texts.asked[0]?.inputs["text"]).toEqual({
      mediaType: "text/plain",
      body: Buffer.from("hello"),
    });
  });

  it("may be a decoded image instead", async () => {
    asked.length = 0;
    const decoded = {
      name: "image",
      shape: [1, 2, 3],
      datatype: "UINT8",
      data: [0, 1, 2, 3, 4, 255],
    };
    expect((await infer(app, { inputs: [decoded] })).status).toBe(200);
    expect([...sent(asked, "image").subarray(-6)]).toEqual(decoded.data);
    const grey = { ...decoded, shape: [1, 6, 1] };
    expect((await body(infer(app, { inputs: [grey] }))).error).toContain("has 1 along channel");
  });
});

describe("the outputs of a reply", () => {
  const labels = [
    { label: "red", probability: 0.75 },
    { label: "blue", probability: 0.25 },
  ];
  const outputs: Output[] = [
    vector,
    { id: "mask", type: "mask" },
    { id: "labels", type: "label_list" },
  ];
  const y = [0.25, 1, 0.5];
  const mask = [[true], [false]];
  const result = (): Partial<InferResult> => {
    const given = arrays({ y: ["FP32", [3], y], mask: ["BOOL", [2, 1], mask] });
    const list = { name: "labels", type: "label_list" as const, shape: [2], prediction: labels };
    return { ...given, outputs: [...given.outputs, list] };
  };
  const { app } = fakeApp(model([array], outputs), result);
  const request = { inputs: [tensor] };

  it("are all of them, where none is asked for", async () => {
    expect((await body(infer(app, request))).outputs).toEqual([
      { name: "y", datatype: "FP32", shape: [3], data: [0.25, 1, 0.5] },
      { name: "mask", datatype: "BOOL", shape: [2, 1], data: [true, false] },
      {
        name: "labels",
        datatype: "BYTES",
        shape: [2],
        data: labels.map((one) => JSON.stringify(one)),
      },
    ]);
  });

  it("are those that are asked for, in that order", async () => {
    const asked = { ...request, outputs: [{ name: "labels" }, { name: "y" }] };
    const reply = await body(infer(app, asked));
    expect(reply.outputs.map(({ name }: { name: string }) => name)).toEqual(["labels", "y"]);
    const unknown = await infer(app, { ...request, outputs: [{ name: "z" }] });
    expect((await body(unknown)).error).toBe(
      '"z" is no output of this model; it has y, mask, labels.',
    );
  });

  it("come in binary, all or each as asked", async () => {
    const asked = {
      ...request,
      id: "7",
      parameters: { binary_data_output: true },
      outputs: [
        { name: "y" },
        { name: "mask", parameters: { binary_data: false } },
        { name: "labels" },
      ],
    };
    const reply = await infer(app, asked);
    const bytes = Buffer.from(await reply.arrayBuffer());
    const length = Number(reply.headers.get("inference-header-content-length"));
    const head = JSON.parse(bytes.toString("utf8", 0, length));
    expect(head.id).toBe("7");
    const strings = labels.map((one) => JSON.stringify(one));
    const size = strings.join("").length + 8;
    expect(head.outputs).toEqual([
      { name: "y", datatype: "FP32", shape: [3], parameters: { binary_data_size: 12 } },
      { name: "mask", datatype: "BOOL", shape: [2, 1], data: [true, false] },
      { name: "labels", datatype: "BYTES", shape: [2], parameters: { binary_data_size: size } },
    ]);
    expect([0, 4, 8].map((at) => bytes.readFloatLE(length + at))).toEqual([0.25, 1, 0.5]);
    expect(bytes.readUInt32LE(length + 12)).toBe(strings[0]?.length);
    expect(bytes.length).toBe(length + 12 + size);
  });

  it("are classes where classification asks for them", async () => {
    const classification = (name: string) => ({ name, parameters: { classification: 2 } });
    const asked = { ...request, outputs: [classification("labels"), classification("y")] };
    expect((await body(infer(app, asked))).outputs).toEqual([
      { name: "labels", datatype: "BYTES", shape: [2], data: ["0.75:0:red", "0.25:1:blue"] },
      { name: "y", datatype: "BYTES", shape: [2], data: ["1:1", "0.5:2"] },
    ]);
  });

  it.each([-1, 1.5, "2"])("aren't %j classes", async (classification) => {
    const asked = { ...request, outputs: [{ name: "labels", parameters: { classification } }] };
    const reply = await infer(app, asked);
    expect(reply.status).toBe(400);
    expect((await body(reply)).error).toBe(
      'Output "labels": classification must be a number of classes.',
    );
  });

  it("are numbers in JSON whatever their type", async () => {
    const half = Buffer.from([0, 0x3c, 0, 0xc2]);
    const { app: other } = fakeApp(
      model(
        [array],
        [
          { id: "half", type: "vector" },
          { id: "long", type: "vector" },
        ],
      ),
      () => arrays({ half: ["FP16", [2], half], long: ["INT64", [1], [-5]] }),
    );
    expect((await body(infer(other, request))).outputs).toEqual([
      { name: "half", datatype: "FP16", shape: [2], data: [1, -3] },
      { name: "long", datatype: "INT64", shape: [1], data: [-5] },
    ]);
  });
});
