import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNetwork } from "./read.ts";

let file = "";
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), "modelhub-pytorch-")), "model.pth");
});
afterAll(() => rmSync(join(file, ".."), { recursive: true }));

function read(content: Buffer) {
  writeFileSync(file, content);
  return readNetwork(file, "pytorch-state-dict");
}

/** Steps of a pickle; what Python's `pickletools.dis` shows of a file of torch.save. */
const bytes = (...parts: (string | number | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === "number" ? Buffer.from([part]) : Buffer.from(part as string),
    ),
  );
const text = (value: string) => bytes("X", value.length, 0, 0, 0, value);
const number = (value: number) => {
  const four = Buffer.alloc(4);
  four.writeInt32LE(value);
  return bytes("J", four);
};
const pickle = (...parts: Parameters<typeof bytes>) => bytes(0x80, 2, ...parts, ".");

function tensor(storage: string, held: number, shape: number[]): Buffer {
  const id = bytes(
    "(",
    text("storage"),
    `ctorch\n${storage}\n`,
    text(`${held}`),
    text("cpu"),
    number(held),
    "t",
  );
  const sizes = bytes("(", ...shape.map(number), "t");
  return bytes("ctorch._utils\n_rebuild_tensor_v2\n(", id, "Q", number(0), sizes, ")", 0x89, "tR");
}

const dict = (entries: [string, Buffer][]) =>
  bytes(
    "ccollections\nOrderedDict\n)R(",
    ...entries.flatMap(([name, value]) => [text(name), value]),
    "u",
  );

const small = dict([
  ["conv.weight", tensor("FloatStorage", 12, [4, 3])],
  ["conv.bias", tensor("HalfStorage", 4, [4])],
  ["norm.num_batches_tracked", tensor("LongStorage", 1, [])],
]);
const counted = {
  network: { parameters: { total: 16, byType: { float32: 12, float16: 4 } } },
};

/** A file before PyTorch 1.6: a magic number, a version, the machine, the value, then the numbers. */
function legacy(value: Buffer, numbers = 100): Buffer {
  const magic = Buffer.from("6cfc9c46f9206aa85019", "hex");
  return bytes(
    pickle(0x8a, 10, magic),
    pickle("M", 0xe9, 3),
    pickle("}"),
    pickle(value),
    Buffer.alloc(numbers),
  );
}

/** A ZIP with one entry that is stored, after padding as PyTorch writes it. */
function zip(name: string, content: Buffer, method = 0, padding = 0): Buffer {
  const local = Buffer.alloc(30);
  local.write("PK\x03\x04", 0, "latin1");
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(padding, 28);
  const entry = Buffer.alloc(46);
  entry.write("PK\x01\x02", 0, "latin1");
  entry.writeUInt16LE(method, 10);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + padding + content.length, 16);
  return bytes(local, name, Buffer.alloc(padding), content, entry, name, end);
}

test("counts the parameters of a state dict, in both forms of file", () => {
  expect(read(legacy(small))).toEqual(counted);
  expect(read(zip("archive/data.pkl", pickle(small)))).toEqual(counted);
  expect(read(zip("archive/data.pkl", pickle(small), 0, 18))).toEqual(counted);
});

test("of a checkpoint, counts the network and not what its optimizer keeps", () => {
  const optimizer = dict([["momentum", tensor("FloatStorage", 12, [12])]]);
  const checkpoint = dict([
    ["epoch", number(3)],
    ["state_dict", small],
    ["optimizer", optimizer],
  ]);
  expect(read(legacy(checkpoint))).toEqual(counted);
});

test("a parameter counts as the tensor in it", () => {
  const coat = bytes(
    "ctorch._utils\n_rebuild_parameter\n(",
    tensor("FloatStorage", 12, [4, 3]),
    0x88,
    "}tR",
  );
  expect(read(legacy(dict([["w", coat]])))).toMatchObject({
    network: { parameters: { total: 12 } },
  });
});

describe("what is damaged or made to harm ends in a sentence, and nothing of it is called", () => {
  const big = tensor("FloatStorage", 1e9, [1e9]);
  const circle = bytes("ctorch._utils\n_rebuild_parameter\n(", "]q", 0, "h", 0, "a", "tR");
  const deep = bytes("]".repeat(200_000), "a".repeat(199_999));
  const shape = bytes(
    "ctorch._utils\n_rebuild_tensor_v2\n(",
    number(0),
    number(0),
    "(",
    deep,
    "t",
    "tR",
  );

  test.each([
    ["nothing", Buffer.alloc(0), "no file of torch.save"],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n"), "no file of torch.save"],
    ["another pickle", pickle("}"), "no file of torch.save"],
    ["a cut file", legacy(small).subarray(0, 120), "ends too early"],
    [
      "a call of the shell",
      legacy(bytes("cos\nsystem\n(", text("true"), "tR")),
      "no tensors by name",
    ],
    [
      "numbers that are not there",
      legacy(dict([["w", big]])),
      "fewer numbers than its tensors say",
    ],
    ["an unknown type", legacy(dict([["w", tensor("StringStorage", 4, [4])]])), "no type or shape"],
    ["a shape of lists in lists", legacy(dict([["w", shape]])), "no type or shape"],
    ["a list that holds itself", legacy(dict([["w", circle]])), "no tensors by name"],
    ["a list in a list without end", legacy(deep), "no tensors by name"],
    ["steps without end", legacy(Buffer.alloc(1_100_000, ")")), "too many steps"],
    ["an unknown step", legacy(bytes("I1\n")), "a step (73) that state dicts don't need"],
    ["an empty stack", legacy(bytes("0")), "no pickle"],
    ["a ZIP of something else", zip("word/document.xml", small), "without a state dict"],
    ["a ZIP that is compressed", zip("a/data.pkl", pickle(small), 8), "compressed"],
  ])("%s", (_, content, sentence) => {
    const reading = read(content);
    expect("unread" in reading && reading.unread).toContain(sentence);
  });

  test("any byte of a file may be another, and nothing is thrown", () => {
    const tiny = dict([["w", tensor("FloatStorage", 2, [2])]]);
    for (const good of [legacy(tiny, 8), zip("archive/data.pkl", pickle(tiny))])
      for (let at = 0; at < good.length; at++)
        for (const byte of [0, 82, 255]) {
          const bad = Buffer.from(good);
          bad[at] = byte;
          expect(() => read(bad)).not.toThrow();
        }
  });
});
