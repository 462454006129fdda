import { describe, expect, it } from "vitest";
import type { Input } from "#schema/config.ts";
import { body, fakeApp, post, testModel } from "../tests/fake-app.ts";

const colours = testModel("colours");
const values = ["red", "green", "blue"];
const labelled = testModel("colours", {
  outputs: [
    { id: "colours", type: "label_list", postprocessing: [{ id: "labels", kwargs: { values } }] },
  ],
});
const text: Input = {
  id: "text",
  kind: "text",
  mediaTypes: ["text/plain"],
  axes: [{ name: "index", type: "index" }],
  dtype: "uint8",
};

describe("the routes of the Model Asset Exchange", () => {
  it("say what the model is", async () => {
    const metadata = await body(fakeApp(colours).app.request("/model/metadata"));
    expect(metadata).toMatchObject({ id: "colours", name: "Colours" });
    expect(metadata.description).toBe("Says how much of each colour an image has.");
  });

  it("list the labels where the config has them", async () => {
    expect(await body(fakeApp(labelled).app.request("/model/labels"))).toEqual({
      count: 3,
      labels: values.map((name, index) => ({ id: String(index), name })),
    });
    expect((await fakeApp(colours).app.request("/model/labels")).status).toBe(404);
  });

  it("predict a file in any field, an entry for each label", async () => {
    const prediction = [{ label: "blue", probability: 1 }];
    const { app } = fakeApp(labelled, () => ({
      outputs: [{ name: "colours", type: "label_list", shape: [1], prediction }],
    }));
    const form = new FormData();
    form.append("image", new Blob(["x"]), "a-name");
    expect(await body(app.request("/model/predict", post(form)))).toEqual({
      status: "ok",
      predictions: [{ label_id: "2", label: "blue", probability: 1 }],
    });
  });

  it("predict texts, an entry for each", async () => {
    const model = testModel("colours", { inputs: [text] });
    const { app } = fakeApp(model, ({ inputs }) => {
      const { length } = (inputs["text"] as { body: Buffer }).body;
      const prediction = [{ label: "long", probability: length / 10 }];
      return { outputs: [{ name: "colours", type: "label_list", shape: [1], prediction }] };
    });
    const json = { "content-type": "application/json" };
    const ask = (value: unknown) =>
      app.request("/model/predict", post(JSON.stringify(value), json));
    expect(await body(ask({ text: ["one", "three"] }))).toEqual({
      status: "ok",
      predictions: [{ long: 0.3 }, { long: 0.5 }],
    });
    expect((await body(ask({ text: "four" }))).predictions).toEqual([{ long: 0.4 }]);
    for (const wrong of [{ text: [5] }, { text: [] }, {}, null, []])
      expect((await ask(wrong)).status, JSON.stringify(wrong)).toBe(400);
  });
});
