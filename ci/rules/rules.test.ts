// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the builder puts in what stands in braces
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Config } from "#schema/config.ts";
import { readContribution } from "../contribution.ts";
import base from "../e2e/base/contribution/modelhub.json" with { type: "json" };
import registry from "../e2e/base/registry/registry.json" with { type: "json" };
import { ContributionError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import { type Contributed, contributionRules } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-rules-"));
  cpSync(join(import.meta.dirname, "..", "e2e", "base", "contribution"), folder, {
    recursive: true,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Problems of the base folder with other keys in its config and other files, without hints. */
async function problems(
  config: Partial<Config> = {},
  files: Record<string, string | Buffer> = {},
  more: Partial<Contributed> = {},
): Promise<string[]> {
  write("modelhub.json", JSON.stringify({ ...base, ...config }));
  for (const [path, content] of Object.entries(files)) write(path, content);
  const contribution = readContribution(folder, { shown: "tiny" });
  expect(contribution.problems).toEqual([]);
  const contributed = { contribution, policy: registry.policy, ...more };
  const found = await Promise.all(contributionRules.map((rule) => rule(contributed)));
  return found.flat().map(line);
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function line({ file, key, expected, got }: Problem): string {
  return `${file} ${key ?? "-"}: ${expected} | ${got}`;
}

/** A .npy file of zeros, but for the last number, whose highest bytes are `last` and 0x80. */
function npy(descr: string, shape: string, bytes: number, last = 0): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const start = Buffer.from([...Buffer.from("\x93NUMPY", "latin1"), 1, 0, header.length, 0]);
  const data = Buffer.alloc(bytes);
  if (last > 0) data.set([0x80, last], bytes - 2);
  return Buffer.concat([start, Buffer.from(header), data]);
}

const [sample] = base.samples;
const [weights] = base.weights;
const [output] = base.outputs;
if (!sample || !weights || !output) throw new Error("the base contribution has one of each");
const config = base as Config;
const vector = { id: "lightness", type: "vector" } as const;
const expectation = "samples/grey.expected.json";

test("finds nothing in the base contribution", async () => {
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
    write("modelhub.json", JSON.stringify({ ...base, licenses: { ...base.licenses, code } }));
    const contribution = readContribution(folder);
    const rules = contributionRules.map((rule) => rule({ contribution, policy: registry.policy }));
    expect((await Promise.all(rules)).flat().map((problem) => problem.hint)).toEqual([hint]);
  });

  test("takes licence expressions and licences of one's own", async () => {
    const licenses = { ...base.licenses, code: "MIT OR Apache-2.0", weights: "LicenseRef-Lab" };
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

  test("wants operations that fit the axes", async () => {
    const [input] = config.inputs;
    const crop = { id: "center_crop", kwargs: { shape: { z: 8 } } } as const;
    const inputs = [{ ...input, preprocessing: [crop] }] as Config["inputs"];
    expect(await problems({ inputs })).toEqual([
      "tiny/modelhub.json inputs[0].preprocessing: named operations that fit the axes | one that doesn't: operation center_crop names the axis z; the array has y, x",
    ]);
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

describe("weights from a source", () => {
  const remote = { ...config.weights[0], source: "https://example.org/scale.txt", bytes: 5 };
  const list = [remote] as Config["weights"];

  test("are left alone without a fetcher", async () => {
    expect(await problems({ weights: list })).toEqual([]);
  });

  test("must have the declared size", async () => {
    const fetchWeights = async () => ({ path: "kept", bytes: 4, sha256: remote.sha256 ?? "" });
    expect(await problems({ weights: list }, {}, { fetchWeights })).toEqual([
      "tiny/modelhub.json weights[0].bytes: 4, the size of the file | 5",
    ]);
  });

  test("are reported in the folder's own words when they cannot be had", async () => {
    const fetchWeights = async () => {
      throw new ContributionError({
        file: "modelhub.json",
        key: "weights[scale].source",
        expected: "an answer",
        got: "none",
      });
    };
    expect(await problems({ weights: list }, {}, { fetchWeights })).toEqual([
      "tiny/modelhub.json weights[0].source: an answer | none",
    ]);
  });

  test("leave surprises to the program", async () => {
    const fetchWeights = async () => {
      throw new TypeError("surprise");
    };
    await expect(problems({ weights: list }, {}, { fetchWeights })).rejects.toThrow("surprise");
  });
});

describe("samples", () => {
  test("want each input once and no other", async () => {
    const samples = [{ ...sample, inputs: { picture: "samples/grey.png" } }];
    expect(await problems({ samples })).toEqual([
      "tiny/modelhub.json samples[0].inputs.image: a file | nothing",
      'tiny/modelhub.json samples[0].inputs.picture: an input of the config (image) | "picture"',
    ]);
  });

  test("are known by their bytes, not by their names", async () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    expect(await problems({}, { "samples/grey.png": jpeg })).toEqual([
      'tiny/modelhub.json samples[0].inputs.image: image/png | "samples/grey.png" (image/jpeg)',
    ]);
  });

  test("are arrays where the input is one", async () => {
    const inputs = [{ ...config.inputs[0], kind: "array" }] as Config["inputs"];
    expect(await problems({ inputs })).toEqual([
      'tiny/modelhub.json samples[0].inputs.image: a file in .npy form | "samples/grey.png" (image/png)',
    ]);
  });

  test.each([
    ["no JSON", "{", "line 1, column 2: a key in double quotes | the end of the file"],
    ["a list", "[]", "-: an object with lightness | an empty list"],
    ["no output", "{}", 'lightness: the labels and probabilities of output "lightness" | nothing'],
    [
      "an unknown output",
      '{"lightness":[{"label":"a","probability":1}],"lightnes":1}',
      'lightnes: an output of the config (lightness) | "lightnes"',
    ],
    [
      "no labels",
      '{"lightness":[]}',
      'lightness: a list of {"label": …, "probability": …} | an empty list',
    ],
    ["a bare label", '{"lightness":["a"]}', "lightness[0].label: a text | nothing"],
    [
      "a percentage",
      '{"lightness":[{"label":"a","probability":80}]}',
      "lightness[0].probability: a number from 0 to 1 | 80",
    ],
    [
      "an infinite number",
      '{"lightness":[{"label":"a","probability":1e999}]}',
      "lightness[0].probability: a number from 0 to 1 | Infinity",
    ],
    [
      "too much in sum",
      '{"lightness":[{"label":"a","probability":0.6},{"label":"b","probability":0.5}]}',
      "lightness: probabilities that sum to at most 1 | 1.1",
    ],
    [
      "the wrong order",
      '{"lightness":[{"label":"a","probability":0.2},{"label":"b","probability":0.5}]}',
      "lightness[1].probability: the likeliest labels first | 0.5 after 0.2",
    ],
  ])("refuse as expectation: %s", async (_, text, problem) => {
    expect((await problems({}, { [expectation]: text }))[0]).toBe(`tiny/${expectation} ${problem}`);
  });

  test.each([
    ["a text in it", '{"lightness":[1,"2"]}', 'lightness[1]: a finite number | "2"'],
    ["a hole", '{"lightness":[1,null]}', "lightness[1]: a finite number | null"],
    ["an infinite number", '{"lightness":[1e999]}', "lightness[0]: a finite number | Infinity"],
    [
      "rows of two lengths",
      '{"lightness":[[1,2],[3]]}',
      "lightness[1]: a list of 2, as beside it | a list of 1",
    ],
  ])("refuse as vector: %s", async (_, text, problem) => {
    const found = await problems({ outputs: [vector] }, { [expectation]: text });
    expect(found).toEqual([`tiny/${expectation} ${problem}`]);
  });

  test.each([
    ["bounding_boxes", [{ label: "cat", score: 1, box: [0, 0, 1, 1] }]],
    ["keypoints", [{ name: "nose", point: [1, 2] }]],
    ["contour", [{ points: [[1, 2]], closed: true }]],
    ["text", "yes"],
    ["table", { columns: ["a"], rows: [[1], [null]] }],
    ["custom", { a: null }],
    ["mask", [[0, 1]]],
  ] as const)("take the form of replies for %s", async (type, value) => {
    const files = { [expectation]: JSON.stringify({ lightness: value }) };
    expect(await problems({ outputs: [{ ...vector, type }] }, files)).toEqual([]);
  });

  test.each([
    ["bounding_boxes", [{ label: "a", score: 1, box: [0] }], "lightness[0].box: a list of {"],
    ["keypoints", [{ name: "a", point: "b" }], "lightness[0].point: a list of {"],
    ["contour", [{ points: [] }], "lightness[0].closed: a list of {"],
    ["text", 1, "lightness: a text | 1"],
    ["table", { columns: ["a"] }, 'lightness.rows: an object with "columns" and "rows" | nothing'],
    [
      "table",
      { columns: ["a"], rows: [[1], [1, 2]] },
      "lightness.rows[1]: 1 values, one a column | 2",
    ],
    ["mask", [[0, "1"]], 'lightness[0][1]: a finite number | "1"'],
  ] as const)("refuse as %s: %j", async (type, value, problem) => {
    const files = { [expectation]: JSON.stringify({ lightness: value }) };
    const [found = ""] = await problems({ outputs: [{ ...vector, type }] }, files);
    expect(found.slice(`tiny/${expectation} `.length).startsWith(problem)).toBe(true);
  });

  test("hold tables to the declared columns", async () => {
    const outputs = [{ ...vector, type: "table" as const, columns: ["mm"] }];
    const files = { [expectation]: '{"lightness":{"columns":["cm"],"rows":[]}}' };
    expect(await problems({ outputs }, files)).toEqual([
      `tiny/${expectation} lightness.columns: mm | cm`,
    ]);
  });

  describe("with an expected array in a file", () => {
    const axes = [{ name: "x", type: "space" as const, size: 2 }];
    const outputs = [{ ...vector, axes }];
    const files = (content: string | Buffer, file: unknown = "samples/y.npy") => ({
      "samples/y.npy": content,
      [expectation]: JSON.stringify({ lightness: { file } }),
    });

    test("take it", async () => {
      expect(await problems({ outputs }, files(npy("<f4", "(2,)", 8)))).toEqual([]);
    });

    test.each([
      ["samples/z.npy", 'a .npy file of this folder | "samples/z.npy"'],
      ["../samples/y.npy", 'a .npy file of this folder | "../samples/y.npy"'],
      [1, "a .npy file of this folder | 1"],
    ])("refuse the file %j", async (file, problem) => {
      expect(await problems({ outputs }, files(npy("<f4", "(2,)", 8), file))).toEqual([
        `tiny/${expectation} lightness.file: ${problem}`,
      ]);
    });

    test.each([
      ["no array", "text", '.file: an array in .npy form | "samples/y.npy"'],
      ["a shape of its own", npy("<f4", "(3,)", 12), ": 2 along x | 3"],
      ["infinity", npy("<f4", "(2,)", 8, 0x7f), ".file: finite numbers | Infinity as number 1"],
    ])("refuse %s", async (_, content, problem) => {
      expect(await problems({ outputs }, files(content))).toEqual([
        `tiny/${expectation} lightness${problem}`,
      ]);
    });
  });

  test("hold vectors to the declared axes", async () => {
    const axes = [{ name: "x", type: "space", size: 3 }] as const;
    const outputs = [{ ...vector, axes: [...axes] }];
    expect(await problems({ outputs }, { [expectation]: '{"lightness":[1,2]}' })).toEqual([
      `tiny/${expectation} lightness: 3 along x | 2`,
    ]);
    expect(await problems({ outputs }, { [expectation]: '{"lightness":[[1,2]]}' })).toEqual([
      `tiny/${expectation} lightness: numbers nested 1 deep (x) | 2 deep`,
    ]);
    expect(await problems({ outputs }, { [expectation]: '{"lightness":[1,2,3]}' })).toEqual([]);
  });

  test.each([
    [{ atol: 0.5 }, "atol: less than 0.5 for probabilities | 0.5"],
    [{ rtol: 1 }, "rtol: less than 1 | 1"],
    [{ dice: 0 }, "dice: more than 0 | 0"],
    [
      { mismatchedPpm: 1_000_000 },
      "mismatchedPpm: less than 1000000, which is all elements | 1000000",
    ],
  ])("refuse the tolerance %j, which nothing can fail", async (tolerance, problem) => {
    const outputs = [{ ...config.outputs[0], tolerance }] as Config["outputs"];
    expect(await problems({ outputs })).toEqual([
      `tiny/modelhub.json outputs[0].tolerance.${problem}`,
    ]);
  });
});

describe("the folder", () => {
  test("keeps to the registry's limits", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`note-${index}.txt`, "x".repeat(4096)]),
    );
    const [total] = await problems({ resources: { memoryMB: 1024 } }, files);
    expect(total).toMatch(
      /^tiny -: at most 32,768 bytes \(32\.8 kB\) in all, weights apart \| 3\d,/,
    );
    expect((await problems({}, { "note-0.txt": "x".repeat(4097) }))[0]).toBe(
      "tiny/note-0.txt -: at most 4,096 bytes (4.1 kB) | 4,097 bytes (4.1 kB)",
    );
  });

  test("may hold weights that are larger than other files, up to their own limit", async () => {
    const large = {
      ...weights,
      sha256: "0".repeat(64),
      bytes: 1_048_577,
    } as Config["weights"][number];
    const found = await problems(
      { weights: [large] },
      { "weights/scale.txt": "x".repeat(1_048_577) },
    );
    expect(found.filter((text) => !text.includes("sha256"))).toEqual([
      "tiny/modelhub.json weights[0]: at most 1,048,576 bytes (1.05 MB) | 1,048,577 bytes (1.05 MB)",
    ]);
  });

  // The texts are put together here, so that no scanner takes this file for a leak.
  test.each([
    ["a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
    ["an AWS access key", `id = ${"AKIA"}${"ABCDEFGH".repeat(2)}`],
    ["a GitHub token", `${"ghp"}_${"a1".repeat(18)}`],
    ["a Hugging Face token", `${"hf"}_${"aB".repeat(17)}`],
    ["a PyPI token", `${"pypi"}-AgEI${"a1".repeat(30)}`],
  ])("holds no secret: %s", async (what, text) => {
    expect(await problems({}, { "setup.cfg": `# settings\n${text}\n` })).toEqual([
      `tiny/setup.cfg line 2: no secrets | ${what}`,
    ]);
  });

  test.each([
    ["a class", "from modelhub import Model\n\nclass Tiny(Model):\n    def infer(self): ...\n"],
    ["two functions", "def load(context): ...\nasync def infer(model): ...\n"],
    ["imported functions", "from .tiny import load, infer\n"],
  ])("has an entrypoint of %s", async (_, text) => {
    expect(await problems({}, { "model.py": text })).toEqual([]);
  });

  test("misses infer in an entrypoint that only loads", async () => {
    expect(await problems({}, { "model.py": "def load(context): ...\n# def infer(\n" })).toEqual([
      "tiny/model.py -: a function infer | none",
    ]);
  });
});

describe("the Dockerfile", () => {
  const head = ["ARG BASE_IMAGE", "FROM ${BASE_IMAGE} AS base"];
  const dockerfile = async (...lines: string[]) =>
    (await problems({}, { "runtime/Dockerfile": lines.join("\n") })).map((text) =>
      text.replace("tiny/runtime/Dockerfile ", ""),
    );

  test.each([
    ["a stage of its own", ["FROM base AS two", "FROM TWO"]],
    ["files of a stage above", ["FROM base", "COPY --from=base /a /b", "COPY --from=0 /a /b"]],
    ["a mount of the folder", ["RUN --mount=type=bind,source=a,target=/a pip install -r /a"]],
    ["a mount of a stage", ["FROM base", "RUN --mount=from=base,target=/a true"]],
    ["the builder's certificates", ["RUN --mount=type=secret,id=ca,target=/ca pip install x"]],
    ["a run without network", ["RUN --network=none true"]],
    ["local archives", ["ADD --chown=1:1 files.tar.gz /files/"]],
    ["arguments with defaults", ["ARG A=1 B=2", "ARG TARGETARCH"]],
    ["a check directive", []],
    ["from in a heredoc", ["RUN python3 <<EOF", "from os import path", "EOF"]],
  ])("may have %s", async (_, lines) => {
    expect(await dockerfile("# check=error=true", ...head, ...lines)).toEqual([]);
  });

  test("may repeat in a stage an argument of the head", async () => {
    expect(await dockerfile("ARG V=1", ...head, "ARG V")).toEqual([]);
  });

  test.each([
    ["FROM python:3.13", 'FROM ${BASE_IMAGE}, or from a stage above | "python:3.13"'],
    ["FROM scratch", 'FROM ${BASE_IMAGE}, or from a stage above | "scratch"'],
    [
      "from ${BASE_IMAGE:-evil}",
      'FROM ${BASE_IMAGE}, or from a stage above | "${BASE_IMAGE:-evil}"',
    ],
    ["FROM later", 'FROM ${BASE_IMAGE}, or from a stage above | "later"'],
    ["FROM --platform=linux/386 base", "FROM without flags | --platform=linux/386"],
    ["COPY --from=nginx /a /b", '--from a stage above | "nginx"'],
    ["COPY --from=base /a /b", '--from a stage above | "base"'],
    ["COPY --from=7 /a /b", '--from a stage above | "7"'],
    ["COPY --link --from=$X /a /b", '--from a stage above | "$X"'],
    [
      "ADD https://example.org/a /a",
      'ADD of files in the runtime folder | "https://example.org/a /a"',
    ],
    ['ADD ["ht\\u0074ps://example.org/a", "/a"]', "ADD of files in the runtime folder"],
    ['ADD h"tt"ps://example.org/a /a', "ADD of files in the runtime folder"],
    ["ADD git@example.org:a.git /a", "ADD of files in the runtime folder"],
    ["ADD $URL /a", "ADD of files in the runtime folder"],
    ["RUN --network=host true", 'RUN without --network | "--network=host"'],
    ["RUN --security=insecure true", 'RUN without --security | "--security=insecure"'],
    ["RUN --device=gpu true", 'RUN with --mount only | "--device=gpu"'],
    [
      "RUN --mount=type=bind,from=evil,target=/a true",
      "a mount from the runtime folder or a stage above",
    ],
    ["RUN --mount=FROM=evil,target=/a true", "a mount from the runtime folder or a stage above"],
    ['RUN --mount="type=bind,from=evil" true', "flags without quotes"],
    ['RUN --mount=type=bind,target="/a b",from=evil true', "flags without quotes"],
    ["RUN --mount=type=cache,target=/a true", "no cache mount"],
    ["RUN --mount=type=secret,id=token true", "a mount of type bind or tmpfs"],
    ["RUN --mount=type=ssh true", "a mount of type bind or tmpfs"],
    ["ARG VERSION", 'a default, as in ARG NAME=value | "VERSION"'],
    ["ARG BASE_IMAGE=evil", 'ARG BASE_IMAGE without a default | "BASE_IMAGE=evil"'],
    ["ONBUILD RUN evil", "no ONBUILD | one"],
    ["RUN cat <<EOF '", "a heredoc of the form RUN <<EOF, with EOF alone on its last line"],
    ["RUN a \\\n# comment\n\n  b\nFROM evil", 'FROM ${BASE_IMAGE}, or from a stage above | "evil"'],
  ])("may not have %s", async (text, problem) => {
    const found = await dockerfile(...head, text);
    expect(found.join("\n")).toContain(problem);
  });

  test.each([
    "# syntax=docker/dockerfile:1",
    "#syntax = evil",
    "# SYNTAX=evil",
    "\uFEFF# syntax=evil",
    "# a comment\n# syntax=evil",
    "#!/bin/sh\n# syntax=evil",
    "// syntax=evil",
    '{"syntax": "evil"}',
  ])("may not name a frontend: %j", async (text) => {
    const found = await dockerfile(text, ...head);
    expect(found.join("\n")).toContain("no syntax directive");
  });

  test("of a variant is held to the same", async () => {
    const variants = { cuda: { runtime: "runtime-cuda" } };
    const text = "ARG BASE_IMAGE\nFROM nvidia/cuda:12\n";
    expect(await problems({ variants }, { "runtime-cuda/Dockerfile": text })).toEqual([
      'tiny/runtime-cuda/Dockerfile line 2: FROM ${BASE_IMAGE}, or from a stage above | "nvidia/cuda:12"',
    ]);
    expect((await problems({ variants: { cuda: { runtime: "nowhere" } } })).join()).toContain(
      "variants.cuda.runtime",
    );
  });

  test("says what is missing when it is empty", async () => {
    expect(await dockerfile("")).toEqual(["line 1: FROM ${BASE_IMAGE} | no FROM"]);
  });

  test("says what is missing when the base image is not asked for", async () => {
    expect(await dockerfile("FROM $BASE_IMAGE")).toEqual([
      "line 1: ARG BASE_IMAGE before the first FROM | none",
    ]);
  });
});
