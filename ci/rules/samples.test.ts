import { describe, expect, test } from "vitest";
import type { Config } from "#schema/config.ts";
import { config, problems, sample } from "../e2e/contributed.ts";

/** A .npy file of zeros, but for the last number, whose highest bytes are `last` and 0x80. */
function npy(descr: string, shape: string, bytes: number, last = 0): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const start = Buffer.from([...Buffer.from("\x93NUMPY", "latin1"), 1, 0, header.length, 0]);
  const data = Buffer.alloc(bytes);
  if (last > 0) data.set([0x80, last], bytes - 2);
  return Buffer.concat([start, Buffer.from(header), data]);
}

const vector = { id: "lightness", type: "vector" } as const;
const expectation = "samples/grey.expected.json";

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
