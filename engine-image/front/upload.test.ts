import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Input } from "#schema/config.ts";
import { type Asked, body, fakeApp, post, sent, testModel } from "./tests/fake-app.ts";

const axis = { name: "index", type: "index" as const };
const scan: Input = {
  id: "scan",
  kind: "volume",
  mediaTypes: ["application/dicom", "application/x-nifti"],
  axes: [axis],
  dtype: "int16",
};
const text: Input = {
  id: "text",
  kind: "text",
  mediaTypes: ["text/plain"],
  axes: [axis],
  dtype: "uint8",
};
const numbers: Input = {
  id: "numbers",
  kind: "array",
  mediaTypes: ["application/x-npy"],
  axes: [axis, axis],
  dtype: "float32",
};
const table: Input = {
  id: "table",
  kind: "table",
  mediaTypes: ["text/csv"],
  axes: [axis, axis],
  dtype: "float32",
};

/** Files that came as paths, read while they are there. */
function withInputs(...inputs: Input[]) {
  const files: Record<string, string[]> = {};
  const read = ({ inputs: given }: Asked) => {
    for (const [id, input] of Object.entries(given)) {
      const paths = "paths" in input ? input.paths : "path" in input ? [input.path] : [];
      files[id] = paths.map((path) => readFileSync(path, "latin1"));
    }
    return {};
  };
  return { ...fakeApp(testModel("colours", { inputs }), read), files };
}

function slices(count: number, size = 100): FormData {
  const form = new FormData();
  for (let slice = 0; slice < count; slice += 1)
    form.append("scan", new Blob([String(slice).padEnd(size)]), "a-name");
  return form;
}

const json = { "content-type": "application/json" };

describe("the slices of a series", () => {
  it("come in one field, in their order, as files", async () => {
    const { app, asked, files } = withInputs(scan);
    expect((await app.request("/api/predict", post(slices(300)))).status).toBe(200);
    expect(asked[0]?.inputs["scan"]).toMatchObject({ mediaType: null });
    expect(files["scan"]?.map(Number)).toEqual(Array.from({ length: 300 }, (_, slice) => slice));
  });

  it("don't stay in memory together", async () => {
    const { app, files } = withInputs(scan);
    await app.request("/api/predict", post(slices(5, 700_000)));
    expect(files["scan"]?.map((file) => file.length)).toEqual(new Array(5).fill(700_000));
  });

  it("are one file where there is one", async () => {
    const { app, asked } = withInputs(scan);
    await app.request("/api/predict", post(slices(1)));
    expect(asked[0]?.inputs["scan"]).toHaveProperty("body");
  });

  it("are at most 2048", async () => {
    const { app } = withInputs(scan);
    const reply = await app.request("/api/predict", post(slices(2049, 1)));
    expect(reply.status).toBe(413);
    expect((await body(reply)).detail).toContain("2048 parts");
  });

  it("are for volumes only", async () => {
    const { app } = withInputs({ ...scan, kind: "image" });
    const reply = await app.request("/api/predict", post(slices(2)));
    expect((await body(reply)).detail).toBe('Input "scan" takes one file, but more came.');
  });
});

describe("the field of the only input", () => {
  it.each(["scan", "file", "volume"])("may be called %s", async (name) => {
    const { app, asked } = withInputs(scan);
    const form = new FormData();
    form.append(name, new Blob(["x"]), "a-name");
    expect((await app.request("/api/predict", post(form))).status).toBe(200);
    expect(sent(asked, "scan").toString()).toBe("x");
  });

  it("may not be called otherwise", async () => {
    const { app } = withInputs(scan);
    const form = new FormData();
    form.append("image", new Blob(["x"]), "a-name");
    const { errors } = await body(app.request("/api/predict", post(form)));
    expect(errors[0].detail).toBe('"image" is no input of this model; it takes scan.');
  });
});

describe("a field without a file name", () => {
  const part = (head: string, content: Buffer) => {
    const start = `--x\r\nContent-Disposition: form-data; name="file"\r\n${head}\r\n`;
    const bytes = Buffer.concat([Buffer.from(start), content, Buffer.from("\r\n--x--\r\n")]);
    return post(bytes, { "content-type": "multipart/form-data; boundary=x" });
  };

  it("is a file where it names its type", async () => {
    const { app, asked } = withInputs(scan);
    const bytes = Buffer.from([0x93, 0, 0xff, 0x80, 10]);
    await app.request("/api/predict", part("Content-Type: application/dicom\r\n", bytes));
    expect(sent(asked, "scan").equals(bytes)).toBe(true);
  });

  it.each(["", "Content-Type: text/plain; charset=utf-8\r\n"])(
    "is a text in UTF-8 where the model takes one (%j)",
    async (head) => {
      const { app, asked } = withInputs(text);
      await app.request("/api/predict", part(head, Buffer.from("grüße – é")));
      expect(sent(asked, "text").toString()).toBe("grüße – é");
    },
  );

  it("is refused where a file is expected", async () => {
    const { app } = withInputs(scan);
    const reply = await app.request("/api/predict", part("", Buffer.from("words")));
    expect((await body(reply)).detail).toContain("holds text, but a file is expected");
  });

  it("is at most 1 MiB long", async () => {
    const { app } = withInputs(text);
    const reply = await app.request("/api/predict", part("", Buffer.alloc(1_100_000, "a")));
    expect(reply.status).toBe(413);
  });
});

it("refuses a compressed body as such", async () => {
  const { app } = withInputs(text);
  const reply = await app.request("/api/predict", post("x", { "content-encoding": "gzip" }));
  expect(reply.status).toBe(415);
  expect((await body(reply)).detail).toContain("compressed (gzip)");
});

describe("a declared media type", () => {
  it.each([
    ["application/nii-gzip", "application/x-nifti"],
    ["application/x-nifti", "application/x-nifti"],
    ["Application/DICOM; transfer-syntax=*", "application/dicom"],
    ["application/x-npy", "application/x-npy"],
    ["application/octet-stream", null],
  ])("%s goes to the worker as %s", async (declared, mediaType) => {
    const { app, asked } = withInputs(scan);
    await app.request("/api/predict", post("x", { "content-type": declared }));
    expect(asked[0]?.inputs["scan"]?.mediaType).toBe(mediaType);
  });

  it("may name a charset", async () => {
    const { app, asked } = withInputs(text);
    await app.request("/api/predict", post("x", { "content-type": "text/plain; charset=utf-8" }));
    expect(asked[0]?.inputs["text"]?.mediaType).toBe("text/plain");
  });
});

describe("a body of JSON", () => {
  async function given(inputs: Input[], value: unknown) {
    const { app, asked } = withInputs(...inputs);
    const reply = await app.request("/api/predict", post(JSON.stringify(value), json));
    return { reply, inputs: asked[0]?.inputs ?? {} };
  }

  it("is a text alone, or by its id", async () => {
    for (const value of ["grüße", { inputs: { text: "grüße" } }]) {
      const { inputs } = await given([text], value);
      expect(inputs["text"]).toEqual({ mediaType: "text/plain", body: Buffer.from("grüße") });
    }
  });

  it("is numbers in nested lists", async () => {
    const { inputs } = await given(
      [numbers],
      [
        [1, 2, 3],
        [4, 5, 6.5],
      ],
    );
    expect(inputs["numbers"]?.tensor).toEqual({ dtype: "float32", shape: [2, 3] });
    const bytes = (inputs["numbers"] as { body: Buffer }).body;
    expect([bytes.length, bytes.readFloatLE(20)]).toEqual([24, 6.5]);
  });

  it("is rows of a table", async () => {
    const rows = [{ age: 5 }, { age: 6 }];
    const { inputs } = await given([table], rows);
    expect(JSON.parse((inputs["table"] as { body: Buffer }).body.toString())).toEqual(rows);
  });

  it("has several inputs by their ids, as files of the request's own", async () => {
    const { app, files } = withInputs(text, numbers);
    const value = { inputs: { text: "hello", numbers: [[1]] } };
    await app.request("/api/predict", post(JSON.stringify(value), json));
    expect(files["text"]).toEqual(["hello"]);
    expect(files["numbers"]).toEqual(["\0\0\x80?"]);
  });

  it.each([
    [400, [text], 5, 'Input "text" is a text, so its JSON must be a string.'],
    [422, [numbers], [[1], [2, 3]], "its lists differ in length"],
    [422, [numbers], [1], "has 1 axes, and the model takes 2 (index, index)"],
    [422, [numbers], [["1"]], "its data holds a value that is no FP32"],
    [
      422,
      [{ ...numbers, dtype: "uint8" as const }],
      [[256]],
      "its data holds a value that is no UINT8",
    ],
    [400, [text, numbers], "hello", 'The JSON must be {"inputs": {…}} with a value for each input'],
    [400, [text, numbers], { inputs: { text: "a" } }, 'Input "numbers" is missing.'],
    [400, [text, numbers], { inputs: { words: "a" } }, '"words" is no input of this model'],
  ])("is refused with %i for %j when it is %j", async (status, inputs, value, sentence) => {
    const { reply } = await given(inputs as Input[], value);
    expect(reply.status).toBe(status);
    expect((await body(reply)).detail).toContain(sentence);
  });

  it("is no input of a model that takes files", async () => {
    const { reply } = await given([scan], [[1]]);
    expect(reply.status).toBe(415);
  });
});
