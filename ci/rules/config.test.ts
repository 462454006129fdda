import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "#schema/config.ts";
import { readContribution } from "../contribution.ts";
import registry from "../e2e/base/registry/registry.json" with { type: "json" };
import { config, folder, output, problems, sample, weights, write } from "../e2e/contributed.ts";
import { contributionRules } from "./index.ts";

test("nothing is found in the base contribution", async () => {
  expect(await problems()).toEqual([]);
});

describe("the config", () => {
  test("refuses ids that come twice", async () => {
    expect(await problems({ outputs: [...config.outputs, ...config.outputs] })).toEqual([
      'tiny/modelhub.json outputs[1].id: an id of its own | "lightness", the id of outputs[0]',
    ]);
  });

  test.each([
    ["Apache 2.0", 'did you mean "Apache-2.0"?'],
    ["CC-BY-4", 'did you mean "CC-BY-4.0"?'],
    [
      "Free for research",
      "https://spdx.org/licenses lists them; one of your own is LicenseRef-name",
    ],
  ])("refuses the licence %s and names the nearest", async (code, hint) => {
    write("modelhub.json", JSON.stringify({ ...config, licenses: { ...config.licenses, code } }));
    const contribution = readContribution(folder);
    const rules = contributionRules.map((rule) => rule({ contribution, policy: registry.policy }));
    expect((await Promise.all(rules)).flat().map((problem) => problem.hint)).toEqual([hint]);
  });

  test("takes licence expressions and licences of one's own", async () => {
    const licenses = { ...config.licenses, code: "MIT OR Apache-2.0", weights: "LicenseRef-Lab" };
    expect(await problems({ licenses })).toEqual([]);
  });

  test("misses files that it names", async () => {
    expect(
      await problems({ runtime: "image", model: { ...config.model, entrypoint: "main.py" } }),
    ).toEqual([
      'tiny/modelhub.json runtime: the Dockerfile of the runtime image | "image/Dockerfile", which is not there',
      'tiny/modelhub.json model.entrypoint: the Python file with load and infer | "main.py", which is not there',
    ]);
  });

  test.each([
    ["one ONNX file", ["onnx"], []],
    ["no ONNX file", ["other"], ["model.entrypoint"]],
    ["two ONNX files", ["onnx", "onnx"], ["model.entrypoint", "weights[1].path"]],
  ] as const)("lets a folder without code have %s or not", async (_, formats, keys) => {
    rmSync(join(folder, "model.py"));
    const list = formats.map((format, index) => ({ ...weights, id: `w${index}`, format }));
    const found = await problems({ weights: list as Config["weights"] });
    expect(found.map((text) => /modelhub.json (\S+):/.exec(text)?.[1])).toEqual(keys);
  });

  test("takes a path as it is meant: ./samples//grey.png is a file of the folder", async () => {
    const samples = [{ ...sample, inputs: { image: "./samples//grey.png" } }];
    expect(await problems({ samples } as Partial<Config>)).toEqual([]);
  });

  test("says that a name differs in how its accents are written, which nobody sees", async () => {
    write("samples/gr\u00e4y.png".normalize("NFD"), "");
    const inputs = { image: "samples/gr\u00e4y.png" };
    write("modelhub.json", JSON.stringify({ ...config, samples: [{ ...sample, inputs }] }));
    const contribution = readContribution(folder, { shown: "tiny" });
    const rules = contributionRules.map((rule) => rule({ contribution, policy: registry.policy }));
    const hints = (await Promise.all(rules)).flat().map(({ hint }) => hint);
    expect(hints).toEqual([expect.stringContaining("other characters for its accents")]);
  });

  test("misses a file that is a link, which no other machine need have", async () => {
    symlinkSync("grey.png", join(folder, "samples/link.png"));
    const samples = [{ ...sample, inputs: { image: "samples/link.png" } }];
    const found = await problems({ samples } as Partial<Config>);
    expect(found).toEqual([expect.stringMatching(/^tiny\/modelhub.json samples\[0\]\.inputs/)]);
  });

  test("wants operations that fit the axes", async () => {
    const [input] = config.inputs;
    const crop = { id: "center_crop", kwargs: { shape: { z: 8 } } } as const;
    const inputs = [{ ...input, preprocessing: [crop] }] as Config["inputs"];
    expect(await problems({ inputs })).toEqual([
      "tiny/modelhub.json inputs[0].preprocessing: named operations that fit the axes | one that doesn't: operation center_crop names the axis z; the array has y, x",
    ]);
  });

  test("takes a mask that ends with the axes of its picture, and a vector that keeps its own", async () => {
    const binarize = { id: "binarize", kwargs: { threshold: 0.5 } } as const;
    const named = (names: string[]) => ({ id: "name_axes", kwargs: { axes: names } }) as const;
    const found = async (type: string, names: string[]) => {
      const postprocessing = [named(names), binarize];
      const outputs = [{ ...output, type, postprocessing }] as Config["outputs"];
      return (await problems({ outputs })).filter((text) => text.includes("postprocessing"));
    };
    expect(await found("mask", ["y", "x"])).toEqual([]);
    expect(await found("mask", ["batch", "y", "x"])).toHaveLength(1);
    expect(await found("vector", ["batch", "y", "x"])).toEqual([]);
  });

  test("wants files that operations name", async () => {
    const names = { id: "labels", kwargs: { file: "labels.txt" } } as const;
    const postprocessing = [{ id: "top_k", kwargs: { k: 1 } }, names];
    const outputs = [{ ...output, postprocessing }] as Config["outputs"];
    expect(await problems({ outputs })).toEqual([
      "tiny/modelhub.json outputs[0].postprocessing: named operations that fit the axes | one that doesn't: operation labels can't read \"labels.txt\", which is not there",
    ]);
    expect(await problems({ outputs }, { "labels.txt": "dark\nlight\n" })).toEqual([]);
  });

  test("wants a path or a source for weights", async () => {
    const { path: _, ...nowhere } = weights;
    expect(await problems({ weights: [nowhere as Config["weights"][number]] })).toEqual([
      "tiny/modelhub.json weights[0]: a path or a source | neither",
    ]);
  });

  test("wants another file for other weights", async () => {
    const two = [...config.weights, { ...config.weights[0], id: "b" }] as Config["weights"];
    expect(await problems({ weights: two })).toEqual([
      'tiny/modelhub.json weights[1].path: a file of its own | "weights/scale.txt", the file of weights[0]',
    ]);
  });
});
