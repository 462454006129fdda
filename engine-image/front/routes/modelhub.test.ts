import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readModel, readPaths } from "../config.ts";
import { Problem } from "../problem.ts";
import { type Asked, body, fakeApp, post, testModel, writeOutput } from "../tests/fake-app.ts";

const colours = testModel("colours");
const masks = testModel("colours", {
  outputs: [
    { id: "mask", type: "mask" },
    { id: "edges", type: "mask" },
  ],
});
const mask = { name: "mask", type: "mask" as const, shape: [2, 4], prediction: [] };
const png = post("x", { "content-type": "image/png" });

function fileOf(asked: Asked, name: string, text: string) {
  const file = `${name}.h5`;
  const path = writeOutput(asked, file, Buffer.from(text));
  return { name, mediaType: "application/x-hdf5", file, path };
}

describe("the published engine's routes", () => {
  it("lists the addresses of the samples' files", async () => {
    const { app } = fakeApp(colours);
    expect(await body(app.request("http://localhost/api/get_samples"))).toEqual([
      "http://localhost/api/samples/brick.png",
      "http://localhost/api/samples/sea.jpg",
    ]);
  });

  it("gives all four legal documents", async () => {
    const { app } = fakeApp(colours);
    const legal = await body(app.request("/api/get_legal"));
    for (const key of [
      "modelhub_license",
      "modelhub_acknowledgements",
      "model_license",
      "sample_data_license",
    ])
      expect(legal[key], key).toBeTypeOf("string");
  });

  it("describes input and output in its words", async () => {
    const { app } = fakeApp(colours);
    const { input, output } = await body(app.request("/api/get_model_io"));
    expect(input.single).toEqual({
      format: ["image/png", "image/jpeg"],
      dim_limits: [
        { min: 1, max: 4096 },
        { min: 1, max: 4096 },
        { min: 3, max: 3 },
      ],
    });
    expect(output).toEqual([
      { name: "colours", type: "label_list", description: "Share of each colour." },
    ]);
  });

  it("gives the thumbnail where there is one, by its name only", async () => {
    const { app } = fakeApp({ ...colours, folder: mkdtempSync(join(tmpdir(), "model-")) });
    expect((await app.request("/api/thumbnail/thumbnail.jpg")).status).toBe(404);
    expect((await app.request("/api/thumbnail/..%2Fmodelhub.json")).status).toBe(404);
    const folder = mkdtempSync(join(tmpdir(), "model-"));
    writeFileSync(join(folder, "thumbnail.jpg"), "picture");
    const reply = await fakeApp({ ...colours, folder }).app.request("/api/thumbnail/thumbnail.jpg");
    expect(reply.headers.get("content-type")).toBe("image/jpeg");
    expect(await reply.text()).toBe("picture");
  });
});

describe("/api/get_model_files", () => {
  it("gives the folder and the weights as a zip, with its size and an ETag", async () => {
    const { app } = fakeApp(colours);
    const reply = await app.request("/api/get_model_files");
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect(reply.headers.get("content-type")).toBe("application/zip");
    expect(reply.headers.get("content-length")).toBe(String(bytes.length));
    const path = join(mkdtempSync(join(tmpdir(), "zip-")), "model.zip");
    writeFileSync(path, bytes);
    const script = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist())";
    const python = process.env["MODELHUB_PYTHON"] ?? "python3";
    expect(execFileSync(python, ["-c", script, path], { encoding: "utf8" }).split(/\s/)).toEqual(
      expect.arrayContaining(["model/modelhub.json", "model/model.py", "model/weights.txt"]),
    );
    const again = await app.request("/api/get_model_files", {
      headers: { "if-none-match": reply.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  });

  it("leaves links and hidden files out", async () => {
    const folder = mkdtempSync(join(tmpdir(), "model-"));
    writeFileSync(join(folder, ".secret"), "secret");
    writeFileSync(join(folder, "model.py"), "code");
    execFileSync("ln", ["-s", "/etc/hostname", join(folder, "link")]);
    const { app } = fakeApp({ ...colours, folder });
    const text = await (await app.request("/api/get_model_files")).text();
    expect(text).toContain("model/model.py");
    expect(text).not.toMatch(/secret|link/);
  });
});

describe("/api/predict", () => {
  it("gives a large output's file an address, under which it is kept", async () => {
    const { app } = fakeApp(masks, (asked) => ({
      outputs: [mask],
      files: [fileOf(asked, "mask", "numbers")],
    }));
    const reply = await app.request("/api/predict", png);
    const { output, request_id } = await body(reply);
    expect(output).toEqual([
      {
        ...mask,
        prediction: `/api/output/${request_id}/mask.h5`,
        mediaType: "application/x-hdf5",
      },
    ]);
    const file = await app.request(output[0].prediction);
    expect(file.headers.get("content-type")).toBe("application/x-hdf5");
    expect(await file.text()).toBe("numbers");
    expect((await app.request(`${output[0].prediction}x`)).status).toBe(404);
  });

  it("gives an encoded output as it is, with what made it in the headers", async () => {
    const { app, asked } = fakeApp(masks, (one) => ({ files: [fileOf(one, "mask", "numbers")] }));
    const reply = await app.request("/api/predict", {
      ...png,
      headers: { "content-type": "image/png", accept: "application/x-hdf5" },
    });
    expect(asked[0]?.options.encode).toBe("hdf5");
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      "content-type": "application/x-hdf5",
      "content-length": "7",
      "content-disposition": 'inline; filename="mask.h5"',
      "x-modelhub-model": "colours",
      "x-modelhub-engine": "0.1.0",
      "x-modelhub-weights": expect.stringMatching(/^weights=[0-9a-f]{64}$/),
      "x-modelhub-deterministic": "false",
    });
    expect(await reply.text()).toBe("numbers");
  });

  it("says that it is deterministic where the worker is asked to be", async () => {
    const env = { MODELHUB_DETERMINISTIC: "1" };
    const model = readModel({ ...readPaths(env), model: colours.folder }, env);
    const { app } = fakeApp(model);
    const reply = await body(app.request("/api/predict", png));
    expect(reply).toMatchObject({ model: { id: "colours", deterministic: true } });
  });

  it("gives several encoded outputs as a zip, from memory and from files", async () => {
    const { app } = fakeApp(masks, (one) => ({
      body: Buffer.from("..edges.."),
      files: [
        { name: "edges", mediaType: "image/png", file: "edges.png", offset: 2, bytes: 5 },
        fileOf(one, "mask", "numbers"),
      ],
    }));
    const reply = await app.request("/api/predict_sample?filename=brick", {
      headers: { accept: "application/x-hdf5" },
    });
    expect(reply.headers.get("content-type")).toBe("application/zip");
    const text = Buffer.from(await reply.arrayBuffer()).toString("latin1");
    expect(text).toMatch(/edges\.pngedgesPK.*mask\.h5numbersPK/s);
    expect(reply.headers.get("content-length")).toBe(String(text.length));
  });

  it("refuses a form that the outputs don't have, before the body is read", async () => {
    const { app, asked } = fakeApp(colours);
    const reply = await app.request("/api/predict", {
      ...png,
      headers: { "content-type": "image/png", accept: "application/dicom" },
    });
    expect(reply.status).toBe(406);
    expect((await body(reply)).code).toBe("not_acceptable");
    expect(asked).toEqual([]);
  });

  it("leaves nothing of the request behind, not even where the worker failed", async () => {
    const folders: string[] = [];
    const { app } = fakeApp(masks, (asked) => {
      folders.push(dirname(fileOf(asked, "mask", "numbers").path));
      throw new Problem("timeout", "It took too long.");
    });
    expect((await app.request("/api/predict", png)).status).toBe(504);
    expect(existsSync(folders[0] ?? "")).toBe(false);
  });
});
