import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNetwork } from "./read.ts";

let file = "";
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), "modelhub-safetensors-")), "model.safetensors");
});
afterAll(() => rmSync(join(file, ".."), { recursive: true }));

function read(header: unknown, bytes: number, length?: bigint) {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  writeFileSync(file, Buffer.concat([size, text, Buffer.alloc(bytes)]));
  return readNetwork(file, "safetensors");
}

const tensor = (dtype: string, shape: number[], end: number) => ({
  dtype,
  shape,
  data_offsets: [0, end],
});

test("counts parameters by type; places are none", () => {
  const header = {
    __metadata__: { format: "pt" },
    "conv.weight": tensor("F32", [4, 3], 48),
    "norm.weight": tensor("BF16", [4], 8),
    position: tensor("I64", [4], 32),
  };
  expect(read(header, 88)).toEqual({
    network: { parameters: { total: 16, byType: { float32: 12, bfloat16: 4 } } },
  });
});

test.each([
  ["a header longer than the file", "{}", 0, 2n ** 40n, "longer than the file"],
  ["no JSON", "{", 0, undefined, "no JSON object"],
  ["a list", "[]", 0, undefined, "no JSON object"],
  ["another shape than bytes", { w: tensor("F32", [4], 4) }, 4, undefined, "other numbers"],
  ["an unknown type", { w: tensor("F7", [4], 4) }, 4, undefined, "other numbers"],
  ["no tensor", { w: null }, 4, undefined, "other numbers"],
  ["numbers that are not there", { w: tensor("F32", [1e9], 4e9) }, 4, undefined, "beyond the file"],
])("%s ends in a sentence", (_, header, bytes, length, sentence) => {
  const reading = read(header, bytes, length);
  expect("unread" in reading && reading.unread).toContain(sentence);
});

test("a format that is not read says so", () => {
  expect(readNetwork(file, "torchscript")).toEqual({
    unread: "Files of the format torchscript are not read.",
  });
});
